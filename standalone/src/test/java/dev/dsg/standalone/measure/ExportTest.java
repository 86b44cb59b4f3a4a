package dev.dsg.standalone.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.onnxruntime.OrtException;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.evaluation.Predictions;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.speed.Laps;
import dev.dsg.engine.speed.Machine;
import dev.dsg.engine.speed.Race;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.standalone.dataset.Photographs;
import dev.dsg.standalone.measure.Subject.Network;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the project promises of the network that ships with it, once it is exported. */
final class ExportTest {

    private static final Shape INPUT = Shape.of(3, 32, 32);
    private static final Network SHIPPED =
            Subject.shipped(Path.of(System.getProperty("dsg.root"), "models/resnet20-cifar10"));

    private static List<HostTensor> images;

    @BeforeAll
    static void synthesise() {
        try (Synthesizer synthesizer = new Synthesizer(SHIPPED.graph(), 3, 32, 32)) {
            images = ImageSource.parse("dsg:images=32:batchSize=32:iterations=10")
                    .synthesise(synthesizer, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"8,8", "4,8"})
    void shouldClassifyInOnnxRuntimeAsPredicted(int weightBits, int activationBits) throws OrtException {
        // Given
        ImageSet test = Photographs.all();
        Export export = Export.quantized(SHIPPED, INPUT, weightBits, activationBits, images);

        // When
        Predictions predicted = export.predicted(SHIPPED, test);
        Predictions computed = export.computed(SHIPPED, test);

        // Then
        assertThat(computed.agreement(predicted)).isGreaterThanOrEqualTo(0.995);
        assertThat(computed.accuracy(test.labels()).top1()).isGreaterThan(0.85);
    }

    @Test
    void shouldTakeLessThanAThirdOfTheBytes() {
        int floats = Export.float32(SHIPPED, INPUT).model().length;

        assertThat(Export.quantized(SHIPPED, INPUT, 8, 8, images).model().length)
                .isLessThanOrEqualTo(floats * 30 / 100);
    }

    /** The best of several rounds: what disturbs a measurement can only hide how fast a model is. */
    @Test
    void shouldRunTwiceAsFastWhereBytesAreMultipliedFast() throws OrtException {
        // Given
        assumeThat(Machine.here().vnni()).as("a processor with VNNI").isNotEmpty();
        List<byte[]> models = List.of(
                Export.float32(SHIPPED, INPUT).model(),
                Export.quantized(SHIPPED, INPUT, 8, 8, images).model());

        // When
        double best = 0;
        try (Race race = new Race(models)) {
            for (int round = 0; round < 10 && best < 2; round++) {
                List<Laps> laps = race.rounds(Race.noise(16, INPUT), 15);
                best = Math.max(best, laps.getFirst().speedupOf(laps.getLast()).value());
            }
        }

        // Then
        assertThat(best).isGreaterThanOrEqualTo(2);
    }
}
