package dev.dsg.engine.quantization;

import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * What the quantization of a single weight does to the network's output: the squared error of the logits over their
 * squares, the reciprocal of a signal-to-quantization-noise ratio. All else is float32. For {@code n} weights at five
 * widths up to {@value #IMAGES} images run through the network {@code 5 n} times.
 */
final class Sensitivity implements AutoCloseable {

    private static final int IMAGES = 32;

    private final Interpreter network;
    private final BiFunction<BitWidth, HostTensor, QuantizedWeight> rounding;
    private final Scope scope;
    private final Tensor images;
    private final float[] expected;

    /** @param rounding how a weight becomes one of the given width */
    Sensitivity(Graph network, CalibrationImages images, BiFunction<BitWidth, HostTensor, QuantizedWeight> rounding) {
        this.network = new Interpreter(network);
        this.rounding = rounding;
        this.scope = Scope.open();
        this.images = images.select(
                IntStream.range(0, Math.min(IMAGES, images.count())).toArray());
        this.expected = this.network.run(this.images).toFloats();
    }

    /**
     * The noise that the weight of {@code layer} makes at each of {@link BitAllocation#WIDTHS}.
     *
     * @param steps told after every width
     */
    BitAllocation.Weight of(Node layer, Steps steps) {
        String name = layer.parameters().getFirst();
        HostTensor weight = network.graph().parameter(layer, 0);
        double[] noise = new double[BitAllocation.WIDTHS.size()];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = noise(
                    name, rounding.apply(BitAllocation.WIDTHS.get(i), weight).dequantize());
            steps.step();
        }
        return new BitAllocation.Weight(name, weight.values().length, noise);
    }

    private double noise(String name, HostTensor weight) {
        try (Scope _ = Scope.open()) {
            Tensor replaced = Tensor.of(weight.values(), weight.shape());
            float[] made = network.with(Map.of(name, replaced)).run(images).toFloats();
            double noise = 0;
            double signal = 0;
            for (int i = 0; i < made.length; i++) {
                noise += Math.pow((double) made[i] - expected[i], 2);
                signal += Math.pow(expected[i], 2);
            }
            return noise / signal;
        }
    }

    @Override
    public void close() {
        scope.close();
        network.close();
    }
}
