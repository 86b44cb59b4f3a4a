package dev.dsg.engine.qat;

import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.synthesis.SyntheticBatch;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The slow twin of what a critic says of a batch, in loops, on the network as it came, with BatchNorm.
 *
 * @param norms the names of the BatchNorm layers, in order
 * @param mean {@code [layers][channels]}, of what they read
 * @param deviation in the same shape, unbiased
 */
record Twin(
        Graph teacher,
        SyntheticBatch batch,
        List<String> norms,
        List<double[]> mean,
        List<double[]> deviation,
        float[] logits) {

    static Twin of(Graph teacher, SyntheticBatch batch) {
        List<String> norms = new ArrayList<>();
        List<double[]> mean = new ArrayList<>();
        List<double[]> deviation = new ArrayList<>();
        Tap watch = new Tap() {
            @Override
            public Tensor before(Node node, Tensor value) {
                if (node.op() instanceof Op.BatchNorm) {
                    double[][] moments = moments(value);
                    norms.add(node.name());
                    mean.add(moments[0]);
                    deviation.add(moments[1]);
                }
                return value;
            }
        };
        try (Scope _ = Scope.open();
                Interpreter network = new Interpreter(teacher)) {
            HostTensor images = batch.images();
            Tensor x = Tensor.of(images.values(), images.shape());
            return new Twin(
                    teacher,
                    batch,
                    norms,
                    mean,
                    deviation,
                    network.run(x, watch).toFloats());
        }
    }

    private static double[][] moments(Tensor value) {
        float[] values = value.toFloats();
        int channels = Math.toIntExact(value.size(1));
        int pixels = Math.toIntExact(value.size(2) * value.size(3));
        double[][] moments = new double[2][channels];
        double n = (double) values.length / channels;
        for (int i = 0; i < values.length; i++) {
            moments[0][i / pixels % channels] += values[i] / n;
        }
        for (int i = 0; i < values.length; i++) {
            int c = i / pixels % channels;
            moments[1][c] += Math.pow(values[i] - moments[0][c], 2) / (n - 1);
        }
        moments[1] = Arrays.stream(moments[1]).map(Math::sqrt).toArray();
        return moments;
    }

    /** What of a layer's means lies outside {@code delta} and of its deviations outside {@code gamma}: mean squares. */
    double outside(int layer, double delta, double gamma) {
        float[] mu = remembered(layer, ".running_mean");
        float[] variance = remembered(layer, ".running_var");
        double sum = 0;
        for (int c = 0; c < mu.length; c++) {
            double gap = Math.abs(deviation.get(layer)[c] - Math.sqrt(variance[c]));
            sum += Math.pow(Math.max(Math.abs(mean.get(layer)[c] - mu[c]) - delta, 0), 2);
            sum += Math.pow(Math.max(gap - gamma, 0), 2);
        }
        return sum / mu.length;
    }

    private float[] remembered(int layer, String what) {
        return teacher.initializers().get(norms.get(layer) + what).values();
    }

    double crossEntropy() {
        double sum = 0;
        for (int image = 0; image < batch.labels().size(); image++) {
            double all = 0;
            for (int c = 0; c < classes(); c++) {
                all += Math.exp(logit(image, c));
            }
            sum += Math.log(all) - logit(image, batch.labels().get(image));
        }
        return sum / batch.labels().size();
    }

    /** The share of images whose label has the greatest logit. */
    double agreement() {
        double agreeing = 0;
        for (int image = 0; image < batch.labels().size(); image++) {
            double greatest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < classes(); c++) {
                greatest = Math.max(greatest, logit(image, c));
            }
            agreeing += logit(image, batch.labels().get(image)) == greatest ? 1 : 0;
        }
        return agreeing / batch.labels().size();
    }

    private int classes() {
        return logits.length / batch.labels().size();
    }

    private double logit(int image, int c) {
        return logits[image * classes() + c];
    }

    /** The squared cosines between each image and all others, summed; their mean over the images. */
    double squaredCosines() {
        int n = batch.images().size(0);
        double sum = 0;
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                sum += a == b ? 0 : Math.pow(product(a, b), 2) / product(a, a) / product(b, b);
            }
        }
        return sum / n;
    }

    private double product(int a, int b) {
        float[] v = batch.images().values();
        int values = v.length / batch.images().size(0);
        double product = 0;
        for (int i = 0; i < values; i++) {
            product += (double) v[a * values + i] * v[b * values + i];
        }
        return product;
    }
}
