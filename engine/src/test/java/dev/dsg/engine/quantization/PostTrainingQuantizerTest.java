package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.quantization.WeightGrid.Extent;
import dev.dsg.engine.quantization.WeightGrid.Granularity;
import dev.dsg.engine.quantization.WeightGrid.Symmetry;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostTrainingQuantizerTest {

    private static final Graph NETWORK =
            new CifarResNet(8, Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(1)));

    private static HostTensor images(int seed, int count, double deviation) {
        Random random = new Random(seed);
        float[] values = new float[count * 3 * 32 * 32];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return new HostTensor(new long[] {count, 3, 32, 32}, values);
    }

    private static QuantizedNetwork quantize(
            int weightBits, int activationBits, RangeMethod method, HostTensor... batches) {
        return new PostTrainingQuantizer(
                        QuantizationSettings.of(weightBits, activationBits).withRange(method))
                .quantize(NETWORK, List.of(batches), ProgressListener.NONE);
    }

    private static float[] logits(Graph graph, Tap tap, HostTensor batch) {
        try (Interpreter interpreter = new Interpreter(graph);
                Scope _ = Scope.open()) {
            return interpreter
                    .run(Tensor.of(batch.values(), batch.shape()).channelsLast(), tap)
                    .toFloats();
        }
    }

    private static double relativeError(int weightBits, int activationBits) {
        HostTensor images = images(2, 8, 1);
        QuantizedNetwork quantized = quantize(weightBits, activationBits, RangeMethod.MIN_MAX, images);
        float[] expected = logits(NETWORK, Tap.NONE, images);
        float[] actual = logits(quantized.graph(), quantized.tap(), images);
        double error = 0;
        double power = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(actual[i] - expected[i], 2);
            power += Math.pow(expected[i], 2);
        }
        return Math.sqrt(error / power);
    }

    @Test
    void shouldStayCloseAtEightBitsAndErrMoreWithEveryTwoBitsFewer() {
        double eight = relativeError(8, 8);
        double six = relativeError(6, 6);
        double four = relativeError(4, 4);
        double two = relativeError(2, 2);

        assertThat(eight).isBetween(1e-6, 0.05);
        assertThat(six).isGreaterThan(2 * eight);
        assertThat(four).isGreaterThan(2 * six);
        assertThat(two).isGreaterThan(2 * four);
    }

    @Test
    void shouldQuantizeEveryWeightAndEveryReluAndNothingElse() {
        QuantizedNetwork quantized = quantize(3, 5, RangeMethod.SAMPLE_MEAN, images(2, 2, 1));

        assertThat(quantized.weights().keySet())
                .containsExactly(
                        "conv1.weight",
                        "layer1.0.conv1.weight",
                        "layer1.0.conv2.weight",
                        "layer2.0.conv1.weight",
                        "layer2.0.conv2.weight",
                        "layer2.0.downsample.0.weight",
                        "layer3.0.conv1.weight",
                        "layer3.0.conv2.weight",
                        "layer3.0.downsample.0.weight",
                        "linear.weight");
        assertThat(quantized.ranges().keySet())
                .containsExactly(
                        "relu1",
                        "layer1.0.relu1",
                        "layer1.0.relu2",
                        "layer2.0.relu1",
                        "layer2.0.relu2",
                        "layer3.0.relu1",
                        "layer3.0.relu2");
        Map<String, HostTensor> others = new LinkedHashMap<>(quantized.graph().initializers());
        others.keySet().removeAll(quantized.weights().keySet());
        assertThat(NETWORK.initializers()).containsAllEntriesOf(others);
        assertThat(quantized.weightBits()).isEqualTo(new BitWidth(3));
        assertThat(quantized.activationBits()).isEqualTo(ActivationBits.all(new BitWidth(5)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldCalibrateAsTheSlowTwinDoes(RangeMethod method) {
        List<HostTensor> batches = List.of(images(3, 3, 0.5), images(4, 2, 1), images(5, 2, 0.1));

        QuantizedNetwork quantized = quantize(4, 4, method, batches.toArray(HostTensor[]::new));

        Map<String, Range> expected = slowRanges(method, batches);
        assertThat(quantized.ranges()).isEqualTo(expected);
        assertThat(logits(quantized.graph(), quantized.tap(), batches.getFirst()))
                .isEqualTo(logits(slowlyQuantized(), slowTap(expected), batches.getFirst()));
    }

    /** Batch by batch: extend the range of every activation, then quantize it by the range so far. */
    private static Map<String, Range> slowRanges(RangeMethod method, List<HostTensor> batches) {
        Map<String, RangeObserver> observers = new LinkedHashMap<>();
        NETWORK.nodes(Op.Relu.class).forEach(node -> observers.put(node.name(), method.observer(new BitWidth(4), 7)));
        Map<String, Range> ranges = new LinkedHashMap<>();
        for (HostTensor batch : batches) {
            Tap quantizing = slowTap(ranges);
            logits(
                    slowlyQuantized(),
                    new Tap() {
                        @Override
                        public Tensor after(Node node, Tensor value) {
                            if (node.op() instanceof Op.Relu) {
                                observers.get(node.name()).observe(value);
                                ranges.put(
                                        node.name(), observers.get(node.name()).range());
                            }
                            return quantizing.after(node, value);
                        }
                    },
                    batch);
        }
        return ranges;
    }

    private static Tap slowTap(Map<String, Range> ranges) {
        return new Tap() {
            @Override
            public Tensor after(Node node, Tensor value) {
                if (!(node.op() instanceof Op.Relu)) {
                    return value;
                }
                Range range = ranges.get(node.name());
                HostQuantizer quantizer = new HostQuantizer(4, range.lo(), range.hi());
                return Tensor.of(quantizer.fakeQuantize(value.toFloats()), value.shape())
                        .channelsLast();
            }
        };
    }

    private static Graph slowlyQuantized() {
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        for (Node node : NETWORK.weighted()) {
            HostTensor weight = NETWORK.parameter(node, 0);
            int each = weight.values().length / weight.size(0);
            float[] values = weight.values().clone();
            for (int from = 0; from < values.length; from += each) {
                float lo = values[from];
                float hi = values[from];
                for (int i = from; i < from + each; i++) {
                    lo = Math.min(lo, values[i]);
                    hi = Math.max(hi, values[i]);
                }
                for (int i = from; i < from + each; i++) {
                    values[i] = new HostQuantizer(4, lo, hi).fakeQuantize(weight.values()[i]);
                }
            }
            weights.put(node.parameters().getFirst(), new HostTensor(weight.shape(), values));
        }
        return NETWORK.with(weights);
    }

    @Test
    void shouldRoundToNearestUnlessAskedOtherwise() {
        HostTensor images = images(9, 2, 1);

        assertThat(quantize(4, 4, RangeMethod.MSE, images))
                .isEqualTo(
                        new PostTrainingQuantizer(QuantizationSettings.of(4, 4).withRounding(RoundingMethod.NEAREST))
                                .quantize(NETWORK, List.of(images), ProgressListener.NONE));
    }

    @Test
    void shouldRoundOnTheSameGridSoThatErrorsOfAChannelCancel() {
        HostTensor images = images(9, 2, 1);
        QuantizedNetwork nearest = quantize(3, 3, RangeMethod.MSE, images);

        QuantizedNetwork squant = new PostTrainingQuantizer(
                        QuantizationSettings.of(3, 3).withRounding(RoundingMethod.SQUANT))
                .quantize(NETWORK, List.of(images), ProgressListener.NONE);

        nearest.weights().forEach((name, weight) -> {
            assertThat(squant.weights().get(name).quantizer()).isEqualTo(weight.quantizer());
            assertThat(largestChannelSum(name, squant)).as(name).isLessThan(0.51);
        });
        assertThat(largestChannelSum("layer3.0.conv2.weight", nearest)).isGreaterThan(2);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRoundToTheGridItIsGiven(Target target) {
        WeightGrid grid = new WeightGrid(Granularity.TENSOR, Symmetry.SYMMETRIC, Extent.LEAST_ERROR);

        QuantizedNetwork quantized = new PostTrainingQuantizer(QuantizationSettings.of(target, 4, 4)
                        .withWeightGrid(grid)
                        .withRounding(RoundingMethod.SQUANT))
                .quantize(NETWORK, List.of(images(9, 2, 1)), ProgressListener.NONE);

        Graph prepared = target.policy().prepare(NETWORK);
        quantized.weights().forEach((name, weight) -> {
            HostTensor values = prepared.initializers().get(name);
            assertThat(weight.quantizer()).as(name).isEqualTo(grid.of(new BitWidth(4), values));
        });
    }

    @Test
    void shouldRefuseAGridThatTheTargetCannotCompute() {
        assertThatThrownBy(
                        () -> QuantizationSettings.of(Target.ONNXRUNTIME, 4, 4).withWeightGrid(WeightGrid.LEAST_ERROR))
                .isInstanceOf(EngineException.class)
                .hasMessage("weightSymmetry is asymmetric, expected symmetric for target onnxruntime");
    }

    /** Over output channels, the largest size of the sum of rounding errors, in steps. */
    private static double largestChannelSum(String name, QuantizedNetwork quantized) {
        QuantizedWeight weight = quantized.weights().get(name);
        float[] scaled = weight.quantizer().scaled(NETWORK.initializers().get(name));
        double[] sums = new double[(int) weight.shape()[0]];
        for (int i = 0; i < scaled.length; i++) {
            sums[i / (scaled.length / sums.length)] += weight.integers()[i] - scaled[i];
        }
        return Arrays.stream(sums).map(Math::abs).max().orElseThrow();
    }

    @Test
    void shouldLetLaterBatchesMeetTheRangesOfEarlierOnes() {
        HostTensor quiet = images(6, 4, 0.1);
        HostTensor loud = images(7, 4, 3);

        QuantizedNetwork quietFirst = quantize(4, 2, RangeMethod.SAMPLE_MEAN, quiet, loud);
        QuantizedNetwork loudFirst = quantize(4, 2, RangeMethod.SAMPLE_MEAN, loud, quiet);

        // Nothing before the first activation is quantized, so only what lies behind it can tell the order.
        assertThat(quietFirst.ranges().get("relu1"))
                .isEqualTo(loudFirst.ranges().get("relu1"));
        assertThat(quietFirst.ranges()).isNotEqualTo(loudFirst.ranges());
    }

    @Test
    void shouldNotDependOnTheOrderWithinABatch() {
        HostTensor images = images(8, 6, 1);
        float[] reversed = new float[images.values().length];
        int each = reversed.length / 6;
        for (int i = 0; i < 6; i++) {
            System.arraycopy(images.values(), i * each, reversed, (5 - i) * each, each);
        }

        for (RangeMethod method : RangeMethod.values()) {
            assertThat(quantize(4, 4, method, new HostTensor(images.shape(), reversed)))
                    .isEqualTo(quantize(4, 4, method, images));
        }
    }

    @Test
    void shouldTellHowFarItIs() {
        List<String> told = new ArrayList<>();

        new PostTrainingQuantizer(QuantizationSettings.of(8, 8))
                .quantize(
                        NETWORK,
                        List.of(images(2, 1, 1), images(3, 1, 1)),
                        (done, total) -> told.add(done + "/" + total));

        assertThat(told).containsExactly("1/2", "2/2");
    }

    @Test
    void shouldRefuseToCalibrateOnNothing() {
        assertThatThrownBy(() -> quantize(4, 4, RangeMethod.MSE))
                .isInstanceOf(EngineException.class)
                .hasMessage("images is 0, expected at least 1");
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameTheActivationThatIsNotFinite(RangeMethod method) {
        HostTensor images = images(2, 2, 1);
        images.values()[5] = Float.NaN;

        assertThatThrownBy(() -> quantize(4, 4, method, images))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("activation.relu1.range");
    }

    @Test
    void shouldNameTheWeightThatIsNotFinite() {
        HostTensor weight = NETWORK.initializers().get("layer2.0.conv1.weight");
        HostTensor broken = new HostTensor(weight.shape(), weight.values().clone());
        broken.values()[100] = Float.POSITIVE_INFINITY;
        Graph network = NETWORK.with(Map.of("layer2.0.conv1.weight", broken));

        assertThatThrownBy(() -> new PostTrainingQuantizer(QuantizationSettings.of(4, 4))
                        .quantize(network, List.of(images(2, 1, 1)), ProgressListener.NONE))
                .isInstanceOf(EngineException.class)
                .hasMessage("tensor layer2.0.conv1.weight is Infinity, expected finite");
    }
}
