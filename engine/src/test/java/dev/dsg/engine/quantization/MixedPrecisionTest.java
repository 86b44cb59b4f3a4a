package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.quantization.BitAllocation.Weight;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MixedPrecisionTest {

    private static final Graph NETWORK =
            new CifarResNet(8, Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(1)));
    private static final HostTensor IMAGES = HostTensors.random(1, 10, 3, 8, 8);

    private static QuantizedNetwork quantize(QuantizationSettings settings) {
        return new PostTrainingQuantizer(settings).quantize(NETWORK, List.of(IMAGES), ProgressListener.NONE);
    }

    private static float[] logits(Graph graph, Tap tap) {
        try (Interpreter interpreter = new Interpreter(graph);
                Scope _ = Scope.open()) {
            return interpreter
                    .run(Tensor.of(IMAGES.values(), IMAGES.shape()).channelsLast(), tap)
                    .toFloats();
        }
    }

    /** The squared error of the logits over their squares. */
    private static double noise(float[] made) {
        float[] expected = logits(NETWORK, Tap.NONE);
        double noise = 0;
        double signal = 0;
        for (int i = 0; i < made.length; i++) {
            noise += Math.pow(made[i] - expected[i], 2);
            signal += Math.pow(expected[i], 2);
        }
        return noise / signal;
    }

    /** Weights whose noise falls with every step. */
    private static List<Weight> weights(Random random, int number) {
        List<Weight> weights = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            double noise = Math.exp(3 * random.nextGaussian());
            double[] falling = new double[5];
            for (int width = 0; width < 5; width++) {
                falling[width] = noise;
                noise *= random.nextDouble();
            }
            weights.add(new Weight("w" + i, 1 + random.nextInt(5), falling));
        }
        return weights;
    }

    private static long bits(List<Weight> weights, Map<String, BitWidth> widths) {
        return weights.stream()
                .mapToLong(weight -> weight.count() * widths.get(weight.name()).bits())
                .sum();
    }

    private static double noise(List<Weight> weights, Map<String, BitWidth> widths) {
        return weights.stream()
                .mapToDouble(weight -> weight.noise()[BitAllocation.WIDTHS.indexOf(widths.get(weight.name()))])
                .sum();
    }

    /** The least noise of all choices that take no more than {@code bits}. */
    private static double leastNoise(List<Weight> weights, long bits) {
        if (bits < 0) {
            return Double.POSITIVE_INFINITY;
        }
        if (weights.isEmpty()) {
            return 0;
        }
        double least = Double.POSITIVE_INFINITY;
        Weight first = weights.getFirst();
        for (int i = 0; i < 5; i++) {
            long left = bits - first.count() * BitAllocation.WIDTHS.get(i).bits();
            least = Math.min(least, first.noise()[i] + leastNoise(weights.subList(1, weights.size()), left));
        }
        return least;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldChooseAlmostAsWellAsTryingEverything(int seed) {
        Random random = new Random(seed);
        List<Weight> weights = weights(random, 6);
        long count = weights.stream().mapToLong(Weight::count).sum();
        double budget = 3 + 3 * random.nextDouble();

        Map<String, BitWidth> widths = BitAllocation.choose(weights, budget * count);

        long limit = (long) (budget * count);
        assertThat(bits(weights, widths)).isLessThanOrEqualTo(limit);
        // At most the one step that no longer fits is lost: up to 6 bits for each of up to 5 values.
        assertThat(noise(weights, widths))
                .isGreaterThanOrEqualTo(leastNoise(weights, limit) * (1 - 1e-12))
                .isLessThanOrEqualTo(leastNoise(weights, limit - 6 * 5));
    }

    @Test
    void shouldPreferTheFirstOfEqualWeights() {
        double[] noise = {4, 2, 1, 0.5, 0.25};
        List<Weight> equal = List.of(new Weight("a", 1, noise), new Weight("b", 1, noise));

        assertThat(BitAllocation.choose(equal, 5))
                .containsExactly(Map.entry("a", new BitWidth(3)), Map.entry("b", new BitWidth(2)));
    }

    @Test
    void shouldMeasureTheNoiseOfOneWeightAlone() {
        HostTensor weight = NETWORK.initializers().get("layer2.0.conv1.weight");
        try (Sensitivity sensitivity = new Sensitivity(
                NETWORK,
                new CalibrationImages(List.of(IMAGES)),
                (bits, values) -> QuantizedWeight.nearest(WeightGrid.MIN_MAX.of(bits, values), values))) {

            Weight measured = sensitivity.of(NETWORK.node("layer2.0.conv1"), new Steps(ProgressListener.NONE, 5));

            assertThat(measured.count()).isEqualTo(weight.values().length);
            for (int i = 0; i < 5; i++) {
                BitWidth bits = BitAllocation.WIDTHS.get(i);
                HostTensor rounded = QuantizedWeight.nearest(WeightGrid.MIN_MAX.of(bits, weight), weight)
                        .dequantize();
                double expected = noise(logits(NETWORK.with(Map.of("layer2.0.conv1.weight", rounded)), Tap.NONE));
                assertThat(measured.noise()[i]).isCloseTo(expected, within(1e-3 * expected));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldErrLessThanOneWidthForAll(Target target) {
        QuantizationSettings uniform = QuantizationSettings.of(target, 4, 8);

        QuantizedNetwork mixed = quantize(uniform.withWeightBudget(4));

        assertThat(mixed.meanWeightBits()).isBetween(3.5, 4.0);
        assertThat(mixed.weights().values().stream()
                        .map(weight -> weight.quantizer().bits())
                        .distinct()
                        .count())
                .isGreaterThan(2);
        assertThat(noise(logits(mixed.graph(), mixed.tap())))
                .isLessThan(0.9
                        * noise(logits(
                                quantize(uniform).graph(), quantize(uniform).tap())));
        assertThat(QuantizedNetwork.fromSafetensors(Safetensors.parse(mixed.toSafetensors()), NETWORK))
                .isEqualTo(mixed);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseABudgetThatTheEdgesExceedBeforeThereAreImages(Target target) {
        QuantizationSettings settings = QuantizationSettings.of(target, 4, 8).withEdgeBits(8);
        // Weights of the first layer, of the last, and of all.
        double least = 2 + 6.0 * (432 + 640) / 77_360;

        PostTrainingQuantizer enough = new PostTrainingQuantizer(settings.withWeightBudget(2.09));
        PostTrainingQuantizer tooLittle = new PostTrainingQuantizer(settings.withWeightBudget(2.08));

        assertThat(least).isBetween(2.08, 2.09);
        assertThatCode(() -> enough.requireFit(NETWORK)).doesNotThrowAnyException();
        String refusal = "weightBudget is 2.08, expected at least 2.09, which the first and the last layer leave";
        assertThatThrownBy(() -> tooLittle.requireFit(NETWORK))
                .isInstanceOf(EngineException.class)
                .hasMessage(refusal);
        assertThatThrownBy(() -> tooLittle.quantize(NETWORK, List.of(IMAGES), ProgressListener.NONE))
                .isInstanceOf(EngineException.class)
                .hasMessage(refusal);
    }

    static List<RoundingMethod> roundings() {
        return List.of(
                RoundingMethod.NEAREST,
                Reconstruction.adaRound(1).withIterations(2),
                Reconstruction.qdrop(1).withIterations(2));
    }

    @ParameterizedTest
    @MethodSource("roundings")
    void shouldTellOfEveryWidthThatItTries(RoundingMethod rounding) {
        QuantizationSettings settings =
                QuantizationSettings.of(4, 8).withEdgeBits(8).withRounding(rounding);
        List<Integer> uniform = progress(settings);

        List<Integer> mixed = progress(settings.withWeightBudget(4));

        // 5 widths of each layer but the first and the last.
        assertThat(NETWORK.weighted()).hasSize(10);
        assertThat(mixed.getLast() - uniform.getLast()).isEqualTo(5 * 8);
        assertThat(mixed.subList(0, 41))
                .isEqualTo(IntStream.rangeClosed(1, 41).boxed().toList());
    }

    /** All numbers of done steps, checked to rise to a total that never changes. */
    private static List<Integer> progress(QuantizationSettings settings) {
        List<Integer> steps = new ArrayList<>();
        Set<Integer> totals = new HashSet<>();
        new PostTrainingQuantizer(settings).quantize(NETWORK, List.of(IMAGES), (done, total) -> {
            steps.add(done);
            totals.add(total);
        });
        assertThat(totals).containsExactly(steps.getLast());
        assertThat(steps).isSorted().doesNotHaveDuplicates();
        return steps;
    }

    @Test
    void shouldCountTheEdgesAmongTheBudget() {
        QuantizationSettings settings = QuantizationSettings.of(4, 8).withEdgeBits(8);

        QuantizedNetwork mixed = quantize(settings.withWeightBudget(3));

        assertThat(mixed.meanWeightBits()).isLessThanOrEqualTo(3);
        assertThat(mixed.weights().get("linear.weight").quantizer().bits()).isEqualTo(new BitWidth(8));
        for (double budget : Arrays.asList(1.9, 8.1, Double.NaN)) {
            assertThatThrownBy(() -> settings.withWeightBudget(budget))
                    .hasMessage("weightBudget is " + budget + ", expected 2..8");
        }
    }
}
