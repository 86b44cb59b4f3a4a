package dev.dsg.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.SingleThread;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatentsTest {

    private static final int SIDE = 12;
    private static final Graph NETWORK =
            new CifarResNet(8, Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(1)));

    /** Genie's settings, for a few steps. */
    private static SynthesisSettings genie(int iterations, Statistics statistics, double label, boolean swing) {
        return new SynthesisSettings(
                Initialization.GAUSSIAN,
                iterations,
                0.1,
                100,
                statistics == Statistics.IMAGE ? 0.5 : 0,
                statistics == Statistics.IMAGE ? 1 : 0,
                label,
                label,
                label,
                label / 100,
                label / 100,
                "latents",
                statistics,
                swing,
                0.01);
    }

    @Test
    void shouldLowerTheLoss() {
        for (SynthesisSettings settings :
                new SynthesisSettings[] {genie(40, Statistics.BATCH, 0, true), genie(20, Statistics.IMAGE, 0.5, true)
                }) {
            Map<String, Double> diagnostics = synthesize(settings, SIDE).diagnostics();

            assertThat(diagnostics.get("loss.last")).isLessThan(0.8 * diagnostics.get("loss.first"));
        }
    }

    @Test
    void shouldCombineWithEveryTerm() {
        SyntheticBatch batch = synthesize(genie(1, Statistics.IMAGE, 0.5, true), SIDE);

        assertThat(batch.labels()).hasSize(4);
        assertThat(batch.diagnostics())
                .containsKeys("loss.alignment", "loss.inhibition", "loss.label", "loss.variation", "loss.norm");
    }

    @Test
    void shouldPaintImagesOfAnySize() {
        for (int side : new int[] {SIDE, 13, 15}) {
            assertThat(synthesize(genie(1, Statistics.BATCH, 0, false), side)
                            .images()
                            .shape())
                    .containsExactly(4, 3, side, side);
        }
    }

    /** The last norm, without scale and shift, gives every channel of the batch mean 0 and deviation 1. */
    @Test
    void shouldPaintWithTheContrastOfNormalisedImages() {
        float[] values =
                synthesize(genie(0, Statistics.BATCH, 0, false), SIDE).images().values();

        double mean = 0;
        double square = 0;
        for (float v : values) {
            mean += v / values.length;
            square += v * v / values.length;
        }
        assertThat(mean).isCloseTo(0, within(1e-3));
        assertThat(square).isCloseTo(1, within(1e-2));
    }

    @Test
    void shouldGiveTheSameBytesOnAnyNumberOfCores() {
        SynthesisSettings settings = genie(4, Statistics.BATCH, 0, true);

        byte[] all = synthesize(settings, SIDE).toSafetensors();
        byte[] again = synthesize(settings, SIDE).toSafetensors();
        byte[] one;
        try (SingleThread _ = SingleThread.open()) {
            one = synthesize(settings, SIDE).toSafetensors();
        }

        assertThat(again).isEqualTo(all);
        assertThat(one).isEqualTo(all);
    }

    @Test
    void shouldSwingDifferentlyEveryTime() {
        assertThat(synthesize(genie(6, Statistics.BATCH, 0, true), SIDE).images())
                .isNotEqualTo(
                        synthesize(genie(6, Statistics.BATCH, 0, false), SIDE).images());
    }

    /** Adam's first step is as long as the rate, wherever there is a gradient. */
    @Test
    void shouldTrainTheGeneratorAtItsOwnRate() {
        assertThat(firstStep(1)).hasSize(10).allSatisfy(step -> assertThat(step).isCloseTo(0.01, within(1e-4)));
        assertThat(firstStep(100)).allSatisfy(step -> assertThat(step).isCloseTo(0.01, within(1e-4)));
        assertThat(firstStep(101)).allSatisfy(step -> assertThat(step).isCloseTo(0.0095, within(1e-4)));
    }

    /** How far the value that moves farthest goes, for each thing the network learns. */
    private static List<Double> firstStep(int iteration) {
        try (Scope _ = Scope.open();
                GeneratedImages images = new GeneratedImages(canvas())) {
            List<float[]> before =
                    images.leaves().stream().map(AdamLeaf::toFloats).toList();
            try (GradientScope gradients = GradientScope.open()) {
                Tensor drawn = images.draw();
                gradients.backward(drawn.square().mul(drawn).sum());
            }
            images.step(0.1, iteration);
            List<Double> steps = new ArrayList<>();
            for (int i = 0; i < before.size(); i++) {
                steps.add(farthest(before.get(i), images.leaves().get(i).toFloats()));
            }
            return steps;
        }
    }

    private static double farthest(float[] from, float[] to) {
        double farthest = 0;
        for (int i = 0; i < from.length; i++) {
            farthest = Math.max(farthest, Math.abs(to[i] - from[i]));
        }
        return farthest;
    }

    private static Canvas canvas() {
        return new Canvas(genie(1, Statistics.BATCH, 0, false), 2, 3, SIDE, SIDE, new Random(5));
    }

    @Test
    void shouldRefuseAnEnhancedLayerWithStatisticsOfTheBatch() {
        assertThatThrownBy(() -> new SynthesisSettings(
                        Initialization.GAUSSIAN,
                        1,
                        0.1,
                        1,
                        0,
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        "latents",
                        Statistics.BATCH,
                        true,
                        0.01))
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e.field()).isEqualTo("layerEnhancement");
                    assertThat(e.expected()).contains("0 with statistics of the batch");
                });
    }

    @Test
    void shouldRefuseAParameterizationThatNobodyKnows() {
        SynthesisSettings unknown = new SynthesisSettings(
                Initialization.GAUSSIAN, 1, 0.1, 1, 0, 0, 0, 0, 0, 0, 0, "fractals", Statistics.IMAGE, false, 0.01);

        assertThatThrownBy(() -> synthesize(unknown, SIDE)).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.kind()).isEqualTo(EngineException.Kind.INVALID_SETTING);
            assertThat(e.field()).isEqualTo("parameterization");
            assertThat(e.expected()).isEqualTo("one of latents, pixels");
        });
    }

    @Test
    void shouldRefuseAGeneratorRateOutOfBounds() {
        for (double rate : new double[] {0, -1, 11, Double.NaN}) {
            assertThatThrownBy(() -> new SynthesisSettings(
                            Initialization.GAUSSIAN,
                            1,
                            0.1,
                            1,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0,
                            "latents",
                            Statistics.BATCH,
                            true,
                            rate))
                    .hasMessageContaining("generatorLearningRate");
        }
    }

    private static SyntheticBatch synthesize(SynthesisSettings settings, int side) {
        try (Synthesizer synthesizer = new Synthesizer(NETWORK, 3, side, side)) {
            Margins margins =
                    synthesizer.probe(settings.slackPercentile(), settings.statistics(), 16, ProgressListener.NONE);
            return synthesizer.synthesize(settings, margins, 1, 0, 0, 4, ProgressListener.NONE);
        }
    }
}
