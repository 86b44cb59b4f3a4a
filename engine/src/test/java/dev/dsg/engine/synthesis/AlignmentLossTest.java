package dev.dsg.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A network whose statistics can be worked out on paper: the first layer sees 2x + 0, the second 3 times what the first
 * BatchNorm makes of it. Two images of 1x2 pixels with the values (1, 3) and (-2, 2): means 2 and 0, unbiased standard
 * deviations sqrt(2) and sqrt(8).
 */
class AlignmentLossTest {

    private static final double ROOT2 = Math.sqrt(2);
    /** mu and sigma of the layers, and the affine map k (x - mu) + shift of the first BatchNorm. */
    private static final double[] MU = {3, 5};

    private static final double[] VARIANCE = {4, 9};
    private static final double K = 0.5;
    private static final double SHIFT = 1;

    private static Graph network(double gain) {
        Map<String, float[]> values = Map.of(
                "c1.weight", new float[] {2},
                "c2.weight", new float[] {3},
                "b1.weight", new float[] {(float) (gain * Math.sqrt(VARIANCE[0] + 1e-5))},
                "b1.bias", new float[] {(float) SHIFT},
                "b1.running_mean", new float[] {(float) MU[0]},
                "b1.running_var", new float[] {(float) VARIANCE[0]},
                "b2.weight", new float[] {1},
                "b2.bias", new float[] {0},
                "b2.running_mean", new float[] {(float) MU[1]},
                "b2.running_var", new float[] {(float) VARIANCE[1]});
        GraphBuilder g = new GraphBuilder((name, shape) -> new HostTensor(shape, values.get(name)));
        String x = g.batchNorm("b1", g.conv("c1", g.input("input"), 1, 1, 1, 1, 0), 1);
        x = g.batchNorm("b2", g.conv("c2", x, 1, 1, 1, 1, 0), 1);
        g.add("out", new Op.Relu(), x);
        return g.build();
    }

    /** Means and deviations [image][layer] by hand. */
    private static double[][] means(double k) {
        double[] first = {4, 0};
        return new double[][] {
            {first[0], 3 * (k * (first[0] - MU[0]) + SHIFT)}, {first[1], 3 * (k * (first[1] - MU[0]) + SHIFT)}
        };
    }

    private static double[][] deviations(double k) {
        return new double[][] {{2 * ROOT2, 6 * Math.abs(k) * ROOT2}, {4 * ROOT2, 12 * Math.abs(k) * ROOT2}};
    }

    private static double expected(double k, float[] meanSlack, float[] deviationSlack, double lambda, int first) {
        double total = 0;
        for (int b = 0; b < 2; b++) {
            for (int i = 0; i < 2; i++) {
                double dm = Math.max(Math.abs(means(k)[b][i] - MU[i]) - meanSlack[i], 0);
                double ds = Math.max(
                        Math.abs(root(deviations(k)[b][i]) - Math.sqrt(VARIANCE[i] + 1e-6)) - deviationSlack[i], 0);
                total += (1 + (i == (first + b) % 2 ? lambda : 0)) * (dm * dm + ds * ds);
            }
        }
        double input = 2 * 2 + Math.pow(ROOT2 - 1, 2) + Math.pow(2 * ROOT2 - 1, 2);
        return (total + input) / 2;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, -0.5, 1e-9})
    void shouldEqualTheHandComputedLossOfZeroQ(double gain) {
        assertThat(loss(gain, new float[2], new float[2], 0, 0))
                .isCloseTo(expected(gain, new float[2], new float[2], 0, 0), within(1e-3));
    }

    @Test
    void shouldLeaveDeviationsWithinTheSlackFree() {
        float[] mean = {0.25f, 2};
        float[] deviation = {0.5f, 100};

        double loss = loss(K, mean, deviation, 0, 0);

        assertThat(loss).isCloseTo(expected(K, mean, deviation, 0, 0), within(1e-3));
        assertThat(loss).isLessThan(loss(K, new float[2], new float[2], 0, 0));
    }

    @Test
    void shouldBeTheInputTermAloneWithinAWideSlack() {
        float[] wide = {100, 100};

        assertThat(loss(K, wide, wide, 1, 0)).isCloseTo(expected(K, wide, wide, 1, 0), within(1e-4));
    }

    @Test
    void shouldEnhanceOneLayerForEachImage() {
        float[] none = new float[2];

        assertThat(loss(K, none, none, 1, 0)).isCloseTo(expected(K, none, none, 1, 0), within(1e-3));
        assertThat(loss(K, none, none, 3, 1)).isCloseTo(expected(K, none, none, 3, 1), within(1e-3));
        assertThat(loss(K, none, none, 1, 0)).isNotCloseTo(loss(K, none, none, 1, 1), within(1e-3));
        assertThat(loss(K, none, none, 1, 0)).isCloseTo(loss(K, none, none, 1, 42), within(1e-6));
    }

    /** The batch has the mean 1 and the squared deviations 0 + 4 + 9 + 1, of which each layer has one channel. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, -0.5, 1e-9})
    void shouldAlignTheStatisticsOfTheBatch(double gain) {
        // Given
        double first = 2;
        double second = 3 * (gain * (first - MU[0]) + SHIFT);
        double deviation = 2 * Math.sqrt(14 / 3.0);
        double expected = Math.pow(first - MU[0], 2)
                + Math.pow(second - MU[1], 2)
                + Math.pow(root(deviation) - Math.sqrt(VARIANCE[0] + 1e-6), 2)
                + Math.pow(root(3 * gain * deviation) - Math.sqrt(VARIANCE[1] + 1e-6), 2)
                + (2 * 2 + Math.pow(ROOT2 - 1, 2) + Math.pow(2 * ROOT2 - 1, 2)) / 2;

        // When
        StatisticsTargets targets = new StatisticsTargets(network(gain));
        try (Scope _ = Scope.open();
                Interpreter network = new Interpreter(targets.graph());
                AlignmentLoss loss = new AlignmentLoss(targets, Statistics.BATCH, Margins.none(2), 0, 0, 2)) {
            Tensor x = Tensor.of(new float[] {1, 3, -2, 2}, 2, 1, 1, 2);
            Moments moments = new Moments(targets.layers());
            Tensor answer = network.run(x, moments);

            // Then
            assertThat((double) loss.loss(new Observation(x, moments, answer)).item())
                    .isCloseTo(expected, within(1e-3));
        }
    }

    @Test
    void shouldCompareTheMomentsOfAllPixelsWithThoseOfThePopulation() {
        // Given: total variance of a layer = mean variance of the images + biased variance of their means
        double expected = 0;
        for (int i = 0; i < 2; i++) {
            double mean = (means(K)[0][i] + means(K)[1][i]) / 2;
            double between = (Math.pow(means(K)[0][i] - mean, 2) + Math.pow(means(K)[1][i] - mean, 2)) / 2;
            double within = (Math.pow(deviations(K)[0][i], 2) + Math.pow(deviations(K)[1][i], 2)) / 2;
            expected += Math.pow(mean - MU[i], 2) + Math.pow(Math.sqrt(within + between) - Math.sqrt(VARIANCE[i]), 2);
        }

        // Then: slack has no say
        float[] wide = {100, 100};
        assertThat(with(K, wide, wide, 0, 0, AlignmentLoss::population)).isCloseTo(expected, within(1e-3));
    }

    @Test
    void shouldMeasureMarginsAsPercentilesOfAbsoluteDeviations() {
        assertThat(Margins.percentile(new float[] {5, 1, 3, 2, 4}, 0.9)).isCloseTo(4.6f, within(1e-6f));
        assertThat(Margins.percentile(new float[] {5, 1, 3, 2, 4}, 1)).isEqualTo(5);
        assertThat(Margins.percentile(new float[] {7}, 0.5)).isEqualTo(7);
    }

    private static double root(double deviation) {
        return Math.sqrt(deviation * deviation + 1e-6);
    }

    private static double loss(double gain, float[] meanSlack, float[] deviationSlack, double lambda, int first) {
        return with(gain, meanSlack, deviationSlack, lambda, first, AlignmentLoss::loss);
    }

    private static double with(
            double gain,
            float[] meanSlack,
            float[] deviationSlack,
            double lambda,
            int first,
            BiFunction<AlignmentLoss, Observation, Tensor> term) {
        StatisticsTargets targets = new StatisticsTargets(network(gain));
        try (Scope _ = Scope.open();
                Interpreter network = new Interpreter(targets.graph());
                AlignmentLoss loss = new AlignmentLoss(
                        targets, Statistics.IMAGE, new Margins(meanSlack, deviationSlack), lambda, first, 2)) {
            Tensor x = Tensor.of(new float[] {1, 3, -2, 2}, 2, 1, 1, 2);
            Moments moments = new Moments(targets.layers());
            Tensor answer = network.run(x, moments);
            return term.apply(loss, new Observation(x, moments, answer)).item();
        }
    }

    /** As above: the batch has the mean 1 and a squared deviation of 14 / 3 before the first layer's factor of 2. */
    @Test
    void shouldLetTheLayersTakeTurns() {
        // Given
        float[] meanSlack = {0.25f, 1};
        float[] deviationSlack = {0.5f, 2};
        double deviation = 2 * Math.sqrt(14 / 3.0);
        double[] m = {2, 3 * (K * (2 - MU[0]) + SHIFT)};
        double[] s = {root(deviation), root(3 * K * deviation)};
        double[] layer = new double[2];
        for (int i = 0; i < 2; i++) {
            double dm = Math.max(Math.abs(m[i] - MU[i]) - meanSlack[i], 0);
            double ds = Math.max(Math.abs(s[i] - Math.sqrt(VARIANCE[i] + 1e-6)) - deviationSlack[i], 0);
            layer[i] = dm * dm + ds * ds;
        }

        // Then
        for (int turn = 0; turn < 4; turn++) {
            double expected = (layer[0] + layer[1] + 3 * layer[turn % 2]) / 2;
            assertThat(averaged(meanSlack, deviationSlack, 3, turn)).isCloseTo(expected, within(1e-3));
        }
        assertThat(layer[0]).isNotCloseTo(layer[1], within(0.1));
    }

    private static double averaged(float[] meanSlack, float[] deviationSlack, double lambda, int turn) {
        StatisticsTargets targets = new StatisticsTargets(network(K));
        try (Scope _ = Scope.open();
                Interpreter network = new Interpreter(targets.graph());
                AlignmentLoss loss =
                        new AlignmentLoss(targets, Statistics.BATCH, new Margins(meanSlack, deviationSlack), 0, 0, 2)) {
            Moments moments = new Moments(targets.layers());
            network.run(Tensor.of(new float[] {1, 3, -2, 2}, 2, 1, 1, 2), moments);
            return loss.averaged(moments, lambda, turn).item();
        }
    }

    @Test
    void shouldEqualTheSumOfSquaredCosines() {
        // Given: cosines 0.6, 0 and 0.8 between three images
        float[] images = {2, 0, 0.3f, 0.4f, 0, 5};
        try (Scope _ = Scope.open()) {
            Tensor x = Tensor.of(images, 3, 1, 1, 2);

            // Then
            double squares = 2 * (0.36 + 0 + 0.64);
            assertThat((double) CorrelationInhibition.loss(x).item()).isCloseTo(squares / 3, within(1e-6));
            float[] gram = CorrelationInhibition.gram(x).toFloats();
            assertThat(Diagnostics.meanCosine(gram, 3)).isCloseTo((0.6 + 0 + 0.8) / 3, within(1e-6));
            assertThat(Diagnostics.meanCosine(new float[] {1}, 1)).isZero();
        }
    }
}
