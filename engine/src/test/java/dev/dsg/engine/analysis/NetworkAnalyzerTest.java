package dev.dsg.engine.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.analysis.NetworkAnalysis.Activation;
import dev.dsg.engine.analysis.NetworkAnalysis.Layer;
import dev.dsg.engine.analysis.NetworkAnalysis.Statistics;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.quantization.Range;
import dev.dsg.engine.quantization.RangeMethod;
import dev.dsg.engine.quantization.Target;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A network of eight layers that was never trained, and noise; each number by the shortest way to its definition. */
class NetworkAnalyzerTest {

    private static final Graph NETWORK =
            new CifarResNet(8, Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(1)));
    private static final List<HostTensor> BATCHES = List.of(noise(1, 3), noise(2, 2));

    /** One case per target: the exact network, the quantized one, and what was found. */
    private record Case(Graph exact, QuantizedNetwork quantized, NetworkAnalyzer.Result found) {

        static Case of(Target target, int weightBits, int activationBits) {
            // Narrower than what comes, so that something is clipped
            PostTrainingQuantizer quantizer = new PostTrainingQuantizer(
                    QuantizationSettings.of(target, weightBits, activationBits).withRange(RangeMethod.MSE));
            Graph exact = quantizer.exact(NETWORK);
            QuantizedNetwork quantized = quantizer.quantize(NETWORK, BATCHES, ProgressListener.NONE);
            return new Case(exact, quantized, new NetworkAnalyzer(NETWORK, exact, quantized).analyze(BATCHES));
        }

        NetworkAnalysis analysis() {
            return found.analysis();
        }
    }

    private static HostTensor noise(int seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count * 3 * 32 * 32];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new HostTensor(new long[] {count, 3, 32, 32}, values);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCompareWhatTheNetworksMake(Target target) {
        // Given
        Case one = Case.of(target, 4, 4);
        Map<String, float[]> exact = values(one.exact(), Tap.NONE);
        Map<String, float[]> left =
                values(one.quantized().graph(), one.quantized().tap());

        // Then
        assertThat(one.analysis().images()).isEqualTo(5);
        assertThat(one.analysis().sqnr()).isCloseTo(decibels(exact, left, "linear"), within(1e-3));
        assertThat(one.analysis().layers())
                .extracting(Layer::name)
                .containsExactlyElementsOf(
                        one.exact().weighted().stream().map(Node::name).toList());
        for (Layer layer : one.analysis().layers()) {
            assertThat(layer.sqnr()).isCloseTo(decibels(exact, left, layer.name()), within(1e-3));
            assertThat(layer.bits()).isEqualTo(4);
        }
        for (Activation activation : one.analysis().activations()) {
            float[] values = exact.get(activation.name());
            Range range = one.quantized().ranges().get(activation.name());
            assertThat(activation.sqnr()).isCloseTo(decibels(exact, left, activation.name()), within(1e-3));
            assertThat(activation.clipped()).isCloseTo(outside(values, range), within(1e-9));
            assertThat(activation.quantizerSqnr())
                    .isCloseTo(decibels(values, rounded(values, range, activation.bits())), within(0.05));
        }
        assertThat(one.analysis().activations())
                .anySatisfy(a -> assertThat(a.clipped()).isPositive());
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayWhatEachLayerAloneDoes(Target target) {
        // Given
        Case one = Case.of(target, 3, 8);
        Node layer = one.exact().weighted().get(4);
        String weight = layer.parameters().getFirst();

        // When only one weight is replaced, whose input has 8 bits
        Graph alone = one.exact()
                .with(Map.of(weight, one.quantized().graph().initializers().get(weight)));
        double expected = decibels(values(one.exact(), Tap.NONE), values(alone, Tap.NONE), "linear");

        // Then
        Layer found = one.analysis().layers().stream()
                .filter(l -> l.name().equals(layer.name()))
                .findFirst()
                .orElseThrow();
        assertThat(found.aloneSqnr())
                .isCloseTo(expected, within(0.5))
                .isGreaterThan(one.analysis().sqnr());
        assertThat(found.weights()).isEqualTo(one.exact().parameter(layer, 0).values().length);
        assertThat(found.weightSqnr())
                .isCloseTo(
                        decibels(
                                one.exact().parameter(layer, 0).values(),
                                one.quantized()
                                        .weights()
                                        .get(weight)
                                        .dequantize()
                                        .values()),
                        within(1e-9));
        assertThat(one.analysis().worstFirst().map(Layer::aloneSqnr)).isSorted();
    }

    @Test
    void shouldCompareImagesWithWhatBatchNormRemembers() {
        // Given what the first BatchNorm reads
        Case one = Case.of(Target.ONNXRUNTIME, 8, 8);
        float[] values = values(NETWORK, Tap.NONE).get("conv1");
        int channels = NETWORK.parameter(NETWORK.node("bn1"), 0).size(0);

        // When
        double mean = 0;
        double deviation = 0;
        for (int c = 0; c < channels; c++) {
            double[] channel = channel(values, c, channels);
            double m = Arrays.stream(channel).average().orElseThrow();
            double s = Math.sqrt(
                    Arrays.stream(channel).map(v -> (v - m) * (v - m)).average().orElseThrow());
            double mu = NETWORK.parameter(NETWORK.node("bn1"), 2).values()[c];
            double sigma = Math.sqrt(NETWORK.parameter(NETWORK.node("bn1"), 3).values()[c] + 1e-5);
            mean += Math.abs(m - mu) / sigma / channels;
            deviation += Math.abs(s - sigma) / sigma / channels;
        }

        // Then
        Statistics first = one.analysis().statistics().getFirst();
        assertThat(first.name()).isEqualTo("bn1");
        assertThat(first.mean()).isCloseTo(mean, within(1e-4));
        assertThat(first.deviation()).isCloseTo(deviation, within(1e-4));
        assertThat(one.analysis().statistics()).hasSameSizeAs(NETWORK.nodes(dev.dsg.engine.graph.Op.BatchNorm.class));
    }

    @Test
    void shouldFindNoiseDiverseAndItsFeaturesAlike() {
        NetworkAnalysis analysis = Case.of(Target.REFERENCE, 8, 8).analysis();

        assertThat(analysis.pixels().vendi()).isBetween(4.9, 5.0);
        assertThat(analysis.pixels().meanCosine()).isCloseTo(0, within(0.02));
        assertThat(analysis.features().vendi()).isBetween(1.0, 1.5);
    }

    @Test
    void shouldFindLessNoiseInMoreBits() {
        NetworkAnalysis coarse = Case.of(Target.ONNXRUNTIME, 3, 3).analysis();
        NetworkAnalysis fine = Case.of(Target.ONNXRUNTIME, 8, 8).analysis();

        assertThat(fine.sqnr()).isGreaterThan(coarse.sqnr() + 10);
        for (int i = 0; i < fine.layers().size(); i++) {
            assertThat(fine.layers().get(i).weightSqnr())
                    .isGreaterThan(coarse.layers().get(i).weightSqnr() + 20);
        }
    }

    @Test
    void shouldFindTheSameTwice() {
        assertThat(Case.of(Target.ONNXRUNTIME, 4, 4).analysis())
                .isEqualTo(Case.of(Target.ONNXRUNTIME, 4, 4).analysis());
    }

    @Test
    void shouldAskForImages() {
        Case one = Case.of(Target.REFERENCE, 8, 8);

        assertThatThrownBy(() -> new NetworkAnalyzer(NETWORK, one.exact(), one.quantized()).analyze(List.of()))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("images is 0");
    }

    @Test
    void shouldGiveRatiosInDecibels() {
        assertThat(decibelsOf(new float[] {1, 0}, new float[] {1, 0.1f})).isCloseTo(20, within(1e-5));
        assertThat(decibelsOf(new float[] {3}, new float[] {3})).isEqualTo(200);
        assertThat(decibelsOf(new float[] {0}, new float[] {1})).isEqualTo(-200);
        assertThat(decibelsOf(new float[] {1}, new float[] {Float.NaN})).isEqualTo(-200);
    }

    @Test
    void shouldMeasureAngles() {
        Cosines cosines = Cosines.of(3, new float[] {1, 0, 2, 0, 0, -3});

        assertThat(cosines.values()).containsExactly(1, 1, 0, 1, 1, 0, 0, 0, 1);
        assertThat(cosines.diversity().meanCosine()).isCloseTo(1 / 3.0, within(1e-9));
        // Eigenvalues 2/3 and 1/3 of the matrix over its size
        assertThat(cosines.diversity().vendi()).isCloseTo(Math.pow(1.5, 2 / 3.0) * Math.cbrt(3), within(1e-6));
        assertThat(Cosines.of(1, new float[] {0, 0}).diversity().meanCosine()).isZero();
    }

    @Test
    void shouldDrawEvenly() {
        HostTensor drawn = Sample.of(2, BATCHES);

        assertThat(drawn.shape()).containsExactly(2, 3, 32, 32);
        assertThat(drawn.values()[0]).isEqualTo(BATCHES.getFirst().values()[0]);
        assertThat(drawn.values()[3072]).isEqualTo(BATCHES.getFirst().values()[2 * 3072]);
    }

    private static double decibelsOf(float[] exact, float[] left) {
        return new Sqnr().add(exact, left).decibels();
    }

    /** What every node makes of all images, image by image. */
    private static Map<String, float[]> values(Graph graph, Tap tap) {
        Map<String, float[]> all = new LinkedHashMap<>();
        try (Interpreter interpreter = new Interpreter(graph);
                Scope _ = Scope.open()) {
            for (HostTensor batch : BATCHES) {
                for (int i = 0; i < batch.size(0); i++) {
                    float[] image = Arrays.copyOfRange(batch.values(), i * 3072, (i + 1) * 3072);
                    interpreter.run(Tensor.of(image, 1, 3, 32, 32), new Tap() {
                        @Override
                        public Tensor after(Node node, Tensor value) {
                            Tensor seen = tap.after(node, value);
                            all.merge(node.name(), seen.toFloats(), NetworkAnalyzerTest::joined);
                            return seen;
                        }
                    });
                }
            }
        }
        return all;
    }

    private static float[] joined(float[] a, float[] b) {
        float[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static double decibels(Map<String, float[]> exact, Map<String, float[]> left, String node) {
        return decibels(exact.get(node), left.get(node));
    }

    private static double decibels(float[] exact, float[] left) {
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < exact.length; i++) {
            signal += Math.pow(exact[i], 2);
            noise += Math.pow(exact[i] - left[i], 2);
        }
        return 10 * Math.log10(signal / noise);
    }

    private static double outside(float[] values, Range range) {
        int outside = 0;
        for (float value : values) {
            outside += value < range.lo() || value > range.hi() ? 1 : 0;
        }
        return (double) outside / values.length;
    }

    private static float[] rounded(float[] values, Range range, int bits) {
        double step = (range.hi() - range.lo()) / ((1 << bits) - 1);
        double start = Math.rint(range.lo() / step);
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) (step * Math.clamp(Math.rint(values[i] / step), start, start + (1 << bits) - 1));
        }
        return rounded;
    }

    private static double[] channel(float[] values, int channel, int channels) {
        int plane = 32 * 32;
        double[] of = new double[values.length / channels];
        for (int i = 0; i < of.length; i++) {
            of[i] = values[(i / plane * channels + channel) * plane + i % plane];
        }
        return of;
    }
}
