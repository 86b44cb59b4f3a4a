package dev.dsg.engine.analysis;

import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.quantization.AffineQuantizer;
import dev.dsg.engine.quantization.BitWidth;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.quantization.Range;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Sees the same images run through a network in floats and then through the quantized one, any number of times, and
 * compares what layers and quantizers make.
 */
final class Comparison {

    private final QuantizedNetwork quantized;
    private final Set<String> watched;
    private final Map<String, float[]> exact = new HashMap<>();
    private final Map<String, Sqnr> accumulated = new LinkedHashMap<>();
    private final Map<String, Quantizer> quantizers = new LinkedHashMap<>();

    /** @param watched the nodes whose values are compared */
    Comparison(QuantizedNetwork quantized, Set<String> watched) {
        this.quantized = quantized;
        this.watched = watched;
        watched.forEach(node -> accumulated.put(node, new Sqnr()));
        quantized
                .activationWidths()
                .forEach((node, bits) -> quantizers.put(
                        node, new Quantizer(bits, quantized.ranges().get(node))));
    }

    /** What one quantizer does to exact values. */
    private static final class Quantizer {
        private final BitWidth bits;
        private final Range range;
        private final Sqnr sqnr = new Sqnr();
        private long clipped;
        private long count;

        Quantizer(BitWidth bits, Range range) {
            this.bits = bits;
            this.range = range;
        }

        void meet(Tensor value, float[] values) {
            // One that never saw anything is set up anew for whatever comes.
            Range covered = range.isPoint() ? Range.of(value) : range;
            try (Scope _ = Scope.open()) {
                sqnr.add(
                        values,
                        AffineQuantizer.perTensor(bits, covered)
                                .fakeQuantize(value)
                                .toFloats());
            }
            for (float x : values) {
                clipped += x < covered.lo() || x > covered.hi() ? 1 : 0;
            }
            count += values.length;
        }
    }

    /** For the run in floats, which comes first. */
    Tap floats() {
        return new Tap() {
            @Override
            public Tensor after(Node node, Tensor value) {
                Quantizer quantizer = quantizers.get(node.name());
                if (quantizer != null || watched.contains(node.name())) {
                    float[] values = value.toFloats();
                    exact.put(node.name(), values);
                    if (quantizer != null) {
                        quantizer.meet(value, values);
                    }
                }
                return value;
            }
        };
    }

    /** For the run of the quantized network. */
    Tap integers() {
        Tap quantizing = quantized.tap();
        return new Tap() {
            @Override
            public Tensor after(Node node, Tensor value) {
                Tensor left = quantizing.after(node, value);
                float[] before = exact.remove(node.name());
                if (before != null) {
                    accumulated.computeIfAbsent(node.name(), _ -> new Sqnr()).add(before, left.toFloats());
                }
                return left;
            }
        };
    }

    /** The ratio at a node in the quantized network. */
    double sqnr(String node) {
        return accumulated.get(node).decibels();
    }

    /** What became of the value of a node that is quantized. */
    NetworkAnalysis.Activation activation(String node) {
        Quantizer quantizer = quantizers.get(node);
        return new NetworkAnalysis.Activation(
                node,
                quantizer.bits.bits(),
                quantizer.range.lo(),
                quantizer.range.hi(),
                (double) quantizer.clipped / quantizer.count,
                quantizer.sqnr.decibels(),
                sqnr(node));
    }
}
