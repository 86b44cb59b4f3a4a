package dev.dsg.engine.qat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.synthesis.Margins;
import dev.dsg.engine.tensor.SingleThread;
import dev.dsg.engine.training.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageGeneratorTest {

    private static final int SIDE = 8;
    private static final Schedule RATE = new Schedule.Milestones(0.01, List.of(), 0.1);
    private static final Margins NO_SLACK = Margins.none(RandomTeacher.LAYERS);

    private static GeneratorSettings settings(int batch, double statistics, double enhancement, double inhibition) {
        return new GeneratorSettings(batch, 10, RATE, 0.5, 0.999, statistics, enhancement, inhibition, 7);
    }

    private static ImageGenerator generator(int classes, GeneratorSettings settings, Margins margins) {
        return new ImageGenerator(RandomTeacher.of(3, classes), 3, SIDE, SIDE, settings, margins);
    }

    /** With vectors of classes, and with norms of classes. */
    @ParameterizedTest
    @ValueSource(ints = {4, 101})
    void shouldLowerTheLoss(int classes) {
        try (ImageGenerator generator = generator(classes, settings(16, 0.1, 0, 0), NO_SLACK)) {
            List<StepReport> reports = steps(generator, 30);

            assertThat(mean(reports.subList(25, 30), "label")).isLessThan(0.85 * mean(reports.subList(0, 5), "label"));
            assertThat(reports.getLast().loss())
                    .isLessThan(0.8 * reports.getFirst().loss());
        }
    }

    @Test
    void shouldAlignStatisticsAsFarAsTheyHaveWeight() {
        double little;
        double much;
        try (ImageGenerator generator = generator(4, settings(16, 0.01, 0, 0), NO_SLACK)) {
            little = mean(steps(generator, 20).subList(15, 20), "statistics");
        }
        try (ImageGenerator generator = generator(4, settings(16, 100, 0, 0), NO_SLACK)) {
            much = mean(steps(generator, 20).subList(15, 20), "statistics");
        }

        assertThat(much).isLessThan(0.8 * little);
    }

    private static List<StepReport> steps(ImageGenerator generator, int count) {
        List<StepReport> reports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            reports.add(generator.step());
        }
        return reports;
    }

    private static double mean(List<StepReport> reports, String term) {
        return reports.stream().mapToDouble(r -> r.terms().get(term)).average().orElseThrow();
    }

    /** The layers take turns: at step i, layer i mod 2 counts four times. */
    @Test
    void shouldReportWhatTheTeacherMakesOfTheImages() {
        // Given
        Margins margins = new Margins(new float[] {0.05f, 0.3f}, new float[] {0.2f, 0.1f});
        try (ImageGenerator generator = generator(4, settings(5, 0.1, 3, 0.5), margins)) {
            for (int step = 0; step < 3; step++) {
                // When
                StepReport report = generator.step();
                Twin twin = Twin.of(RandomTeacher.of(3, 4), generator.batch());

                // Then
                double first = twin.outside(0, 0.05, 0.2);
                double second = twin.outside(1, 0.3, 0.1);
                double statistics = (step % 2 == 0 ? 4 * first + second : first + 4 * second) / 2;
                double cosines = twin.squaredCosines();
                assertThat(report.terms()).containsOnlyKeys("label", "statistics", "inhibition");
                assertThat(report.terms().get("statistics")).isCloseTo(statistics, within(1e-3 * statistics));
                assertThat(report.terms().get("inhibition")).isCloseTo(cosines, within(1e-3 * cosines));
                assertThat(report.terms().get("label")).isCloseTo(twin.crossEntropy(), within(1e-3));
                assertThat(report.agreement()).isCloseTo(twin.agreement(), within(1e-9));
                double loss = twin.crossEntropy() + 0.1 * statistics + 0.5 * cosines;
                assertThat(report.loss()).isCloseTo(loss, within(1e-3 * loss));
            }
        }
    }

    @Test
    void shouldLeaveStatisticsFreeWithinTheSlack() {
        float[] wide = {100, 100};

        try (ImageGenerator generator = generator(4, settings(4, 1, 1, 0), new Margins(wide, wide))) {
            StepReport report = generator.step();

            assertThat(report.terms().get("statistics")).isZero();
            assertThat(report.loss()).isEqualTo(report.terms().get("label"));
        }
    }

    @Test
    void shouldOmitTermsWithoutWeight() {
        try (ImageGenerator generator = generator(4, settings(4, 0, 0, 0), NO_SLACK)) {
            assertThat(generator.step().terms()).containsOnlyKeys("label");
        }
    }

    /** Chi-square of 1,024 labels in 4 classes, below what one in a thousand uniform draws exceeds. */
    @Test
    void shouldDrawLabelsUniformly() {
        int[] counts = new int[4];

        try (ImageGenerator generator = generator(4, settings(256, 0, 0, 0), NO_SLACK)) {
            for (int step = 0; step < 4; step++) {
                generator.step();
                generator.batch().labels().forEach(label -> counts[label]++);
            }
        }

        double chiSquare = Arrays.stream(counts)
                .mapToDouble(n -> (n - 256.0) * (n - 256.0) / 256)
                .sum();
        assertThat(chiSquare).isLessThan(16.3);
    }

    /** What a generator showed: its batches, and its last checkpoint. */
    private record Run(List<byte[]> batches, byte[] checkpoint) {

        static Run of(ImageGenerator generator, int steps) {
            List<byte[]> batches = new ArrayList<>();
            for (int i = 0; i < steps; i++) {
                generator.step();
                batches.add(generator.batch().toSafetensors());
            }
            return new Run(batches, generator.checkpoint());
        }
    }

    private static void assertEqualBytes(List<byte[]> batches, List<byte[]> expected) {
        assertThat(batches).hasSameSizeAs(expected);
        for (int i = 0; i < batches.size(); i++) {
            assertThat(Arrays.equals(batches.get(i), expected.get(i)))
                    .as("batch " + i)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 101})
    void shouldGoOnFromACheckpointWithTheSameBytes(int classes) {
        // Given
        GeneratorSettings settings = settings(6, 0.1, 1, 0.5);
        Run undisturbed;
        Run first;
        Run second;
        try (ImageGenerator generator = generator(classes, settings, NO_SLACK)) {
            undisturbed = Run.of(generator, 6);
        }

        // When
        try (ImageGenerator generator = generator(classes, settings, NO_SLACK)) {
            first = Run.of(generator, 3);
        }
        try (ImageGenerator generator = generator(classes, settings, NO_SLACK)) {
            generator.restore(first.checkpoint());
            assertThat(generator.position()).isEqualTo(3);
            assertThat(generator.checkpoint()).isEqualTo(first.checkpoint());
            second = Run.of(generator, 3);
        }

        // Then
        assertEqualBytes(first.batches(), undisturbed.batches().subList(0, 3));
        assertEqualBytes(second.batches(), undisturbed.batches().subList(3, 6));
        assertThat(Arrays.equals(second.checkpoint(), undisturbed.checkpoint())).isTrue();
    }

    /** The batches are large enough for the native library to divide its work. */
    @Test
    void shouldGiveTheSameBytesOnAnyNumberOfCores() {
        GeneratorSettings settings = settings(64, 0.1, 1, 0.5);
        Run all;
        byte[] one;

        try (ImageGenerator generator = generator(4, settings, NO_SLACK)) {
            all = Run.of(generator, 4);
        }
        try (ImageGenerator generator = generator(4, settings, NO_SLACK)) {
            for (int i = 0; i < 4; i++) {
                try (SingleThread _ = SingleThread.open()) {
                    generator.step();
                }
            }
            one = generator.checkpoint();
        }

        assertThat(Arrays.equals(one, all.checkpoint())).isTrue();
    }

    @Test
    void shouldPaintImagesOfAnyShapeWithTheContrastOfNormalisedOnes() {
        for (int[] shape : new int[][] {{1, 8, 8}, {3, 9, 14}, {5, 7, 4}}) {
            try (ImageGenerator generator = new ImageGenerator(
                    RandomTeacher.of(shape[0], 4), shape[0], shape[1], shape[2], settings(8, 0.1, 0, 0), NO_SLACK)) {
                generator.step();

                HostTensor images = generator.batch().images();
                double square = 0;
                for (float v : images.values()) {
                    square += v * v / images.values().length;
                }
                assertThat(images.shape()).containsExactly(8, shape[0], shape[1], shape[2]);
                assertThat(square).isBetween(0.8, 1.2);
            }
        }
    }

    /** Adam's first step is as long as the rate; with betas of 0.5 and 0.999 no second one is longer by more than 7 %. */
    @Test
    void shouldFollowTheScheduleOfTheLearningRate() {
        Schedule falling = new Schedule.Milestones(0.01, List.of(1), 0.1);
        GeneratorSettings settings = new GeneratorSettings(4, 10, falling, 0.5, 0.999, 0.1, 0, 0, 7);

        try (ImageGenerator generator = generator(4, settings, NO_SLACK)) {
            float[] start = spread(generator);
            generator.step();
            float[] once = spread(generator);
            generator.step();
            float[] twice = spread(generator);

            assertThat(farthest(start, once)).isCloseTo(0.01, within(1e-4));
            assertThat(farthest(once, twice)).isBetween(0.0009, 0.00107);
        }
    }

    private static float[] spread(ImageGenerator generator) {
        return Safetensors.parse(generator.checkpoint())
                .floats("spread.weight.value")
                .values();
    }

    private static double farthest(float[] from, float[] to) {
        double farthest = 0;
        for (int i = 0; i < from.length; i++) {
            farthest = Math.max(farthest, Math.abs(to[i] - from[i]));
        }
        return farthest;
    }

    /** Spread 10 x 512, then 3 x 3 x 128 x 128 for 4 x 4 pixels, 3 x 3 x 128 x 64 and 3 x 3 x 64 x 3 for 8 x 8. */
    @Test
    void shouldCountWhatPaintingAnImageTakes() {
        try (ImageGenerator generator = generator(4, settings(4, 0.1, 0, 0), NO_SLACK)) {
            assertThat(generator.multiplyAdds())
                    .isEqualTo(10 * 512 + 16 * 9 * 128 * 128 + 64 * (9 * 128 * 64 + 9 * 64 * 3));
        }
    }

    @Test
    void shouldHandOverWhatTheLastStepPainted() {
        try (ImageGenerator generator = generator(4, settings(4, 0.1, 0, 0), NO_SLACK)) {
            assertThatThrownBy(generator::batch).isInstanceOf(IllegalStateException.class);

            StepReport report = generator.step();

            assertThat(generator.batch().labels()).hasSize(4);
            assertThat(generator.batch().diagnostics())
                    .containsEntry("loss.last", report.loss())
                    .containsEntry("agreement", report.agreement())
                    .containsEntry("loss.statistics", report.terms().get("statistics"));
        }
    }

    @Test
    void shouldRefuseACheckpointOfAnotherNetworkAndStayAsItWas() {
        try (ImageGenerator generator = generator(4, settings(4, 0.1, 0, 0), NO_SLACK);
                ImageGenerator other = generator(5, settings(4, 0.1, 0, 0), NO_SLACK)) {
            other.step();
            byte[] before = generator.checkpoint();
            byte[] empty = new StateWriter("generator", 1).toBytes();

            assertThatThrownBy(() -> generator.restore(other.checkpoint()))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT_FILE))
                    .hasMessage("tensor classes.value shape is [5, 10], expected [4, 10]");
            assertThatThrownBy(() -> generator.restore(empty)).hasMessageContaining("is missing");
            assertThatThrownBy(() -> generator.restore(new SafetensorsWriter().toBytes()))
                    .hasMessage("metadata format is missing, expected " + StateWriter.FORMAT);
            assertThat(Arrays.equals(generator.checkpoint(), before)).isTrue();
        }
    }

    @Test
    void shouldSayThatALearningRateIsTooHigh() {
        Schedule high = new Schedule.Milestones(1e38, List.of(), 0.1);
        GeneratorSettings settings = new GeneratorSettings(4, 10, high, 0.5, 0.999, 0.1, 0, 0, 7);

        try (ImageGenerator generator = generator(4, settings, NO_SLACK)) {
            assertThatThrownBy(() -> steps(generator, 3))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("generatorLearningRate is too high: the loss of step ");
        }
    }

    @Test
    void shouldNameASettingOutOfBounds() {
        assertThatThrownBy(() -> settings(1, 0, 0, 0)).hasMessage("batchSize is 1, expected at least 2");
        assertThatThrownBy(() -> settings(4, -1, 0, 0))
                .isInstanceOf(EngineException.class)
                .hasMessage("statisticsWeight is -1.0, expected at least 0 and finite");
        assertThatThrownBy(() -> settings(4, 0, Double.NaN, 0)).hasMessageContaining("layerEnhancement");
        assertThatThrownBy(() -> settings(4, 0, 0, -1)).hasMessageContaining("correlationInhibition");
        assertThatThrownBy(() -> new GeneratorSettings(4, 0, RATE, 0.5, 0.999, 0, 0, 0, 7))
                .hasMessage("latent is 0, expected at least 1");
        assertThatThrownBy(() -> new GeneratorSettings(4, 1, RATE, 1, 0.999, 0, 0, 0, 7))
                .hasMessage("beta1 is 1.0, expected 0 to below 1");
        assertThatThrownBy(() -> new GeneratorSettings(4, 1, RATE, 0.5, -0.1, 0, 0, 0, 7))
                .hasMessage("beta2 is -0.1, expected 0 to below 1");
    }

    @Test
    void shouldRefuseMarginsOfAnotherNetwork() {
        assertThatThrownBy(() -> generator(4, settings(4, 0.1, 0, 0), Margins.none(3)))
                .hasMessage("margins is 3 layers, expected 2 layers");
    }
}
