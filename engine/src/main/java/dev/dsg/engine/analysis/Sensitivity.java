package dev.dsg.engine.analysis;

import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.quantization.AffineQuantizer;
import dev.dsg.engine.quantization.BitWidth;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.quantization.Range;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Map;

/**
 * How much each layer alone disturbs the network's output: one run per layer, with its weight as the integers have it and
 * with what it reads quantized, everything else in floats.
 */
final class Sensitivity {

    private final Interpreter exact;
    private final QuantizedNetwork quantized;
    private final Map<String, BitWidth> widths;
    private final HostTensor images;
    private final float[] output;

    Sensitivity(Interpreter exact, QuantizedNetwork quantized, HostTensor images) {
        this.exact = exact;
        this.quantized = quantized;
        this.widths = quantized.activationWidths();
        this.images = images;
        this.output = run(exact, Tap.NONE);
    }

    /** The ratio at the network's output, in decibels, if only {@code layer} is quantized. */
    double alone(Node layer) {
        try (Scope _ = Scope.open()) {
            String name = layer.parameters().getFirst();
            HostTensor weight = quantized.graph().initializers().get(name);
            Interpreter one = exact.with(Map.of(name, Tensor.of(weight.values(), weight.shape())));
            return new Sqnr().add(output, run(one, input(layer))).decibels();
        }
    }

    private Tap input(Node layer) {
        BitWidth bits = widths.get(layer.input());
        Range range = quantized.ranges().get(layer.input());
        if (bits == null || range.isPoint()) {
            return Tap.NONE;
        }
        AffineQuantizer quantizer = AffineQuantizer.perTensor(bits, range);
        return new Tap() {
            @Override
            public Tensor before(Node node, Tensor value) {
                return node.equals(layer) ? quantizer.fakeQuantize(value) : value;
            }
        };
    }

    private float[] run(Interpreter interpreter, Tap tap) {
        try (Scope _ = Scope.open()) {
            return interpreter
                    .run(Tensor.of(images.values(), images.shape()).channelsLast(), tap)
                    .toFloats();
        }
    }
}
