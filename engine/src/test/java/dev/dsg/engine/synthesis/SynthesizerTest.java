package dev.dsg.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SynthesizerTest {

    private static final Graph NETWORK =
            new CifarResNet(8, Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(1)));
    private static final SynthesisSettings DSG =
            new SynthesisSettings(Initialization.GAUSSIAN, 12, 0.1, 100, 0.9, 1, 1);
    private static final SynthesisSettings ZEROQ =
            new SynthesisSettings(Initialization.TINY_UNIFORM, 12, 0.1, 100, 0, 0, 0);
    private static final SynthesisSettings NOISE = new SynthesisSettings(Initialization.GAUSSIAN, 0, 0.1, 100, 0, 0, 0);

    @Test
    void shouldLowerTheLoss() {
        for (SynthesisSettings settings : List.of(DSG, ZEROQ)) {
            SyntheticBatch batch = synthesize(settings, 1, 0);

            assertThat(batch.diagnostics().get("loss.last"))
                    .isLessThan(0.7 * batch.diagnostics().get("loss.first"));
        }
    }

    @Test
    void shouldGiveTheSameBytesForTheSameArguments() {
        assertThat(synthesize(DSG, 1, 3).toSafetensors())
                .isEqualTo(synthesize(DSG, 1, 3).toSafetensors());
    }

    @Test
    void shouldGiveOtherImagesForAnotherSeedOrBatch() {
        SyntheticBatch batch = synthesize(NOISE, 1, 0);

        assertThat(synthesize(NOISE, 2, 0).images()).isNotEqualTo(batch.images());
        assertThat(synthesize(NOISE, 1, 1).images()).isNotEqualTo(batch.images());
    }

    @Test
    void shouldLeaveNoiseAsItIs() {
        float[] values = synthesize(NOISE, 1, 0).images().values();

        double mean = 0;
        double square = 0;
        for (float v : values) {
            mean += v / values.length;
            square += v * v / values.length;
        }
        assertThat(mean).isCloseTo(0, within(0.05));
        assertThat(square).isCloseTo(1, within(0.05));
    }

    @Test
    void shouldInhibitCorrelation() {
        SynthesisSettings uniform = new SynthesisSettings(Initialization.UNIFORM, 25, 0.1, 100, 0.9, 1, 0);
        SynthesisSettings inhibited = new SynthesisSettings(Initialization.UNIFORM, 25, 0.1, 100, 0.9, 1, 100);

        assertThat(synthesize(inhibited, 1, 0).diagnostics().get("cosine.mean"))
                .isLessThan(synthesize(uniform, 1, 0).diagnostics().get("cosine.mean"));
    }

    /** What the loop does, written out: settings that name no further term must give these bits and no others. */
    @Test
    void shouldMoveThePixelsBitByBitAsTheReferenceDoes() {
        float[] start = Initialization.GAUSSIAN.draw(Synthesizer.random(7, 2), 4 * 3 * 32 * 32);
        try (Synthesizer synthesizer = new Synthesizer(NETWORK, 3, 32, 32);
                Scope _ = Scope.open()) {
            StatisticsTargets targets = new StatisticsTargets(NETWORK);
            Margins margins = synthesizer.probe(DSG.slackPercentile(), Statistics.IMAGE, 64, ProgressListener.NONE);
            Tensor x = Tensor.ofChannelsLast(start, 4, 3, 32, 32).requireGradient();
            Tensor m = x.detach().zerosLike();
            Tensor v = m.zerosLike();
            double least = Double.POSITIVE_INFINITY;
            float[] best = start;
            try (Interpreter network = new Interpreter(targets.graph());
                    AlignmentLoss alignment =
                            new AlignmentLoss(targets, Statistics.IMAGE, margins, DSG.layerEnhancement(), 8, 4)) {
                for (int i = 1; i <= DSG.iterations(); i++) {
                    try (GradientScope gradients = GradientScope.open()) {
                        Moments moments = new Moments(targets.layers());
                        Tensor logits = network.run(x, moments);
                        Tensor loss = alignment
                                .loss(new Observation(x, moments, logits))
                                .add(CorrelationInhibition.loss(x).mul(DSG.correlationInhibition()));
                        gradients.backward(loss);
                        if (loss.item() < least) {
                            least = loss.item();
                            best = x.detach().toFloats();
                        }
                    }
                    x.adamStep(m, v, AdamLeaf.Betas.USUAL, DSG.learningRate(), i);
                }
            }

            assertThat(Arrays.equals(synthesize(DSG, 7, 2).images().values(), best))
                    .isTrue();
        }
    }

    @Test
    void shouldDrawEveryImageTowardsItsLabel() {
        SynthesisSettings labelled = with(5, 0, 0);

        SyntheticBatch batch = synthesize(labelled, 1, 0);
        SyntheticBatch again = SyntheticBatch.fromSafetensors(batch.toSafetensors());

        assertThat(batch.labels()).hasSize(4).allMatch(label -> label >= 0 && label < 10);
        assertThat(again).isEqualTo(batch);
        assertThat(synthesize(labelled, 1, 0).toSafetensors()).isEqualTo(batch.toSafetensors());
        assertThat(synthesize(labelled, 2, 0).labels()).isNotEqualTo(batch.labels());
        assertThat(batch.diagnostics().get("loss.label"))
                .isLessThan(synthesize(labelled.withIterations(0), 1, 0)
                        .diagnostics()
                        .get("loss.label"));
        assertThat(synthesize(DSG, 1, 0).labels()).isEmpty();
    }

    @Test
    void shouldReportTermsThatAddUpToTheLoss() {
        SynthesisSettings settings = with(2, 0.01, 0.02);

        Map<String, Double> d = synthesize(settings, 1, 0).diagnostics();

        double sum = d.get("loss.alignment")
                + settings.populationAlignment() * d.get("loss.population")
                + settings.correlationInhibition() * d.get("loss.inhibition")
                + 2 * d.get("loss.label")
                + 0.01 * d.get("loss.variation")
                + 0.02 * d.get("loss.norm");
        assertThat(d.get("loss.last")).isCloseTo(sum, within(1e-4 * sum));
        assertThat(synthesize(ZEROQ, 1, 0).diagnostics())
                .containsKeys("loss.first", "loss.last", "loss.alignment", "cosine.mean", "vendi.pixels")
                .doesNotContainKeys("loss.population", "loss.label", "loss.inhibition", "loss.variation", "loss.norm");
    }

    @Test
    void shouldReportTheActiveSlackOfEveryLayer() {
        StatisticsTargets targets = new StatisticsTargets(NETWORK);

        Map<String, Double> d = synthesize(DSG, 1, 0).diagnostics();

        double weighted = 0;
        double channels = 0;
        for (StatisticsTargets.Layer layer : targets.layers()) {
            weighted += layer.channels() * d.get("slack.active." + layer.node());
            channels += layer.channels();
        }
        assertThat(weighted / channels).isCloseTo(d.get("slack.active"), within(1e-9));
    }

    @Test
    void shouldSmoothAndShrinkTheImages() {
        Map<String, Double> plain = synthesize(with(1, 1e-6, 1e-6), 1, 0).diagnostics();
        Map<String, Double> priors = synthesize(with(1, 1, 1), 1, 0).diagnostics();

        assertThat(priors.get("loss.variation")).isLessThan(0.95 * plain.get("loss.variation"));
        assertThat(priors.get("loss.norm")).isLessThan(0.95 * plain.get("loss.norm"));
    }

    /** The label loss wants logits: a softmax at the network's end is left out. */
    @Test
    void shouldSynthesizeTheSameWithASoftmaxAtTheEnd() {
        List<Node> nodes = new ArrayList<>(NETWORK.nodes());
        nodes.add(
                new Node("softmax", new Op.Softmax(1), List.of(NETWORK.output().name()), List.of()));
        Graph softmax = new Graph(nodes, NETWORK.initializers());
        SynthesisSettings labelled = with(5, 0, 0);

        try (Synthesizer synthesizer = new Synthesizer(softmax, 3, 32, 32)) {
            Margins margins =
                    synthesizer.probe(labelled.slackPercentile(), Statistics.IMAGE, 64, ProgressListener.NONE);
            SyntheticBatch batch = synthesizer.synthesize(labelled, margins, 1, 0, 0, 4, ProgressListener.NONE);

            assertThat(batch).isEqualTo(synthesize(labelled, 1, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"labelLoss", "totalVariation", "pixelNorm"})
    void shouldRefuseANegativeWeight(String field) {
        assertThatThrownBy(() -> with(
                        field.equals("labelLoss") ? -1 : 0,
                        field.equals("totalVariation") ? -1 : 0,
                        field.equals("pixelNorm") ? -1 : 0))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void shouldAgreeWithCentralDifferencesInEveryTerm() {
        StatisticsTargets targets = new StatisticsTargets(NETWORK);
        float[] start = synthesize(NOISE, 1, 0).images().values();
        try (Interpreter network = new Interpreter(targets.graph());
                Objective objective = new Objective(
                        targets,
                        with(3, 0.1, 0.2),
                        Margins.none(targets.layers().size()),
                        0,
                        4,
                        List.of(3, 1, 4, 1))) {
            NumericGradient.assertAgreesInHalves(
                    x -> objective.loss(objective.observe(network, x, Tap.NONE)), start, 4, 3, 32, 32);
        }
    }

    private static SynthesisSettings with(double labelLoss, double totalVariation, double pixelNorm) {
        return new SynthesisSettings(
                Initialization.GAUSSIAN,
                12,
                0.1,
                100,
                0.9,
                1,
                1,
                0.5,
                labelLoss,
                totalVariation,
                pixelNorm,
                "pixels",
                Statistics.IMAGE,
                false,
                0.01);
    }

    @Test
    void shouldProbeMarginsThatCoverTheAskedShare() {
        try (Synthesizer synthesizer = new Synthesizer(NETWORK, 3, 32, 32)) {
            Margins half = synthesizer.probe(0.5, Statistics.IMAGE, 160, ProgressListener.NONE);
            Margins most = synthesizer.probe(0.9, Statistics.IMAGE, 160, ProgressListener.NONE);

            for (int i = 0; i < synthesizer.layers(); i++) {
                assertThat(most.mean()[i]).isGreaterThan(half.mean()[i]);
                assertThat(most.deviation()[i]).isGreaterThan(half.deviation()[i]);
            }
            // Fresh noise then lies outside its own 90 % margins a tenth of the time.
            SyntheticBatch noise = synthesizer.synthesize(NOISE, most, 5, 0, 0, 32, ProgressListener.NONE);
            assertThat(noise.diagnostics().get("slack.active")).isCloseTo(0.1, within(0.02));
            assertThat(Margins.fromSafetensors(most.toSafetensors()).mean()).isEqualTo(most.mean());
            assertThat(synthesizer
                            .probe(0, Statistics.IMAGE, 160, ProgressListener.NONE)
                            .mean())
                    .containsOnly(0);
        }
    }

    /** The slow twin: statistics of the BatchNorm inputs of the unfolded network, in double precision on the host. */
    @Test
    void shouldSeeTheStatisticsOfTheUnfoldedBatchNormInputs() {
        SyntheticBatch noise = synthesize(NOISE, 9, 0);
        StatisticsTargets targets = new StatisticsTargets(NETWORK);
        List<double[]> expected = new ArrayList<>();
        try (Interpreter plain = new Interpreter(NETWORK);
                Interpreter folded = new Interpreter(targets.graph());
                AlignmentLoss loss = new AlignmentLoss(
                        targets, Statistics.IMAGE, Margins.none(targets.layers().size()), 0, 0, 4);
                Scope _ = Scope.open()) {
            Tensor x = Tensor.of(noise.images().values(), noise.images().shape());
            plain.run(x, new Tap() {
                @Override
                public Tensor before(Node node, Tensor value) {
                    if (node.op() instanceof Op.BatchNorm) {
                        expected.add(firstImageDeviations(node, value));
                    }
                    return value;
                }
            });
            Moments moments = new Moments(targets.layers());
            folded.run(x, moments);
            AlignmentLoss.Deviations actual = loss.deviations(moments);
            float[] means = actual.mean().toFloats();
            float[] deviations = actual.deviation().toFloats();

            int at = 0;
            for (double[] layer : expected) {
                for (int c = 0; c < layer.length / 2; c++, at++) {
                    assertThat((double) means[at]).isCloseTo(layer[2 * c], within(1e-3));
                    assertThat((double) deviations[at]).isCloseTo(layer[2 * c + 1], within(1e-3));
                }
            }
        }
    }

    private static double[] firstImageDeviations(Node norm, Tensor value) {
        float[] all = value.toFloats();
        int channels = Math.toIntExact(value.size(1));
        int pixels = Math.toIntExact(value.size(2) * value.size(3));
        double[] result = new double[2 * channels];
        for (int c = 0; c < channels; c++) {
            double mean = 0;
            for (int p = 0; p < pixels; p++) {
                mean += all[c * pixels + p] / (double) pixels;
            }
            double variance = 0;
            for (int p = 0; p < pixels; p++) {
                variance += Math.pow(all[c * pixels + p] - mean, 2) / (pixels - 1);
            }
            result[2 * c] = mean - NETWORK.parameter(norm, 2).values()[c];
            result[2 * c + 1] = Math.sqrt(variance + 1e-6)
                    - Math.sqrt(NETWORK.parameter(norm, 3).values()[c] + 1e-6);
        }
        return result;
    }

    @Test
    void shouldRefuseANetworkWithoutBatchNorm() {
        Graph folded = new BatchNormFolding(0).fold(NETWORK);

        assertThatThrownBy(() -> new Synthesizer(folded, 3, 32, 32))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.NO_BATCH_NORM));
    }

    @Test
    void shouldRefuseALossThatIsNotFinite() {
        SynthesisSettings wild = new SynthesisSettings(Initialization.GAUSSIAN, 50, 1e38, 100, 0, 0, 0);

        assertThatThrownBy(() -> synthesize(wild, 1, 0)).hasMessageContaining("learningRate");
    }

    @Test
    void shouldStopWhenTheListenerThrows() {
        try (Synthesizer synthesizer = new Synthesizer(NETWORK, 3, 32, 32)) {
            ProgressListener stop = (done, _) -> {
                if (done == 3) {
                    throw new IllegalStateException("stop");
                }
            };
            assertThatThrownBy(
                            () -> synthesizer.synthesize(ZEROQ, Margins.none(synthesizer.layers()), 1, 0, 0, 2, stop))
                    .hasMessage("stop");
        }
    }

    @Test
    void shouldLowerTheRateOnAPlateau() {
        Plateau plateau = new Plateau(0.5, 2);
        plateau.observe(1);
        plateau.observe(0.99995);
        plateau.observe(1);
        assertThat(plateau.rate()).isEqualTo(0.5);
        plateau.observe(1);
        assertThat(plateau.rate()).isCloseTo(0.05, within(1e-12));
        plateau.observe(0.5);
        for (int i = 0; i < 30; i++) {
            plateau.observe(0.5);
        }
        assertThat(plateau.rate()).isEqualTo(1e-4);
    }

    private static SyntheticBatch synthesize(SynthesisSettings settings, long seed, int batch) {
        try (Synthesizer synthesizer = new Synthesizer(NETWORK, 3, 32, 32)) {
            Margins margins =
                    synthesizer.probe(settings.slackPercentile(), settings.statistics(), 64, ProgressListener.NONE);
            return synthesizer.synthesize(settings, margins, seed, batch, 4 * batch, 4, ProgressListener.NONE);
        }
    }
}
