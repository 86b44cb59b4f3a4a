package dev.dsg.engine.analysis;

import dev.dsg.engine.analysis.NetworkAnalysis.Statistics;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sees images run through a network with BatchNorm, and says how far their statistics are from the running ones. */
final class BatchNormDistances implements Tap {

    private final Graph network;
    private final Map<String, Sums> sums = new LinkedHashMap<>();

    BatchNormDistances(Graph network) {
        this.network = network;
        network.nodes(Op.BatchNorm.class)
                .forEach(norm -> sums.put(
                        norm.name(), new Sums(network.parameter(norm, 0).size(0))));
    }

    private static final class Sums {
        private final double[] values;
        private final double[] squares;
        private long count;

        Sums(int channels) {
            values = new double[channels];
            squares = new double[channels];
        }

        void add(float[] x, int plane) {
            for (int i = 0; i < x.length; i++) {
                int channel = i / plane % values.length;
                values[channel] += x[i];
                squares[channel] += (double) x[i] * x[i];
            }
            count += x.length / values.length;
        }

        double mean(int channel) {
            return values[channel] / count;
        }

        double deviation(int channel) {
            double variance = squares[channel] / count - mean(channel) * mean(channel);
            return Math.sqrt(Math.max(variance, 0));
        }
    }

    @Override
    public Tensor before(Node node, Tensor value) {
        if (node.op() instanceof Op.BatchNorm) {
            sums.get(node.name()).add(value.toFloats(), Math.toIntExact(value.size(2) * value.size(3)));
        }
        return value;
    }

    /** Of all images that were seen, at least one. */
    List<Statistics> distances() {
        return network.nodes(Op.BatchNorm.class).stream()
                .map(norm -> distance(norm, sums.get(norm.name())))
                .toList();
    }

    private Statistics distance(Node norm, Sums seen) {
        float[] mu = network.parameter(norm, 2).values();
        float[] variance = network.parameter(norm, 3).values();
        double epsilon = ((Op.BatchNorm) norm.op()).epsilon();
        double mean = 0;
        double deviation = 0;
        for (int c = 0; c < mu.length; c++) {
            double sigma = Math.sqrt(variance[c] + epsilon);
            mean += Math.abs(seen.mean(c) - mu[c]) / sigma;
            deviation += Math.abs(seen.deviation(c) - sigma) / sigma;
        }
        return new Statistics(norm.name(), mean / mu.length, deviation / mu.length);
    }
}
