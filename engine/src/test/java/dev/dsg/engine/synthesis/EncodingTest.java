package dev.dsg.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.format.DataType;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.HostTensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {

    private static final long[] SHAPE = {4, 3, 16, 16};
    private static final int PIXELS = 256;

    /** Channels around different values, with different spreads; one outlier. */
    private static SyntheticBatch batch() {
        Random random = new Random(1);
        float[] values = new float[4 * 3 * PIXELS];
        for (int i = 0; i < values.length; i++) {
            int c = i / PIXELS % 3;
            values[i] = (float) (3 * c + (c + 1) * random.nextGaussian());
        }
        values[5] = 40;
        values[6] = -0f;
        return new SyntheticBatch(new HostTensor(SHAPE, values), List.of(1, 0, 3, 2), Map.of("loss.last", 0.25));
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepLabelsAndDiagnosticsAndGiveEqualBytesForEqualBatches(Encoding encoding) {
        SyntheticBatch read = SyntheticBatch.fromSafetensors(batch().toSafetensors(encoding));

        assertThat(read.labels()).isEqualTo(batch().labels());
        assertThat(read.diagnostics()).isEqualTo(batch().diagnostics());
        assertThat(read.images().shape()).isEqualTo(SHAPE);
        assertThat(batch().toSafetensors(encoding)).isEqualTo(batch().toSafetensors(encoding));
    }

    @Test
    void shouldMissNoByteByMoreThanHalfALevelOfItsChannel() {
        // Given
        float[] values = batch().images().values();
        float[] least = new float[3];
        float[] greatest = new float[3];
        for (int i = 0; i < values.length; i++) {
            int c = i / PIXELS % 3;
            least[c] = i < PIXELS * 3 && i % PIXELS == 0 ? values[i] : Math.min(least[c], values[i]);
            greatest[c] = i < PIXELS * 3 && i % PIXELS == 0 ? values[i] : Math.max(greatest[c], values[i]);
        }

        // When
        float[] read = SyntheticBatch.fromSafetensors(batch().toSafetensors(Encoding.UINT8))
                .images()
                .values();

        // Then
        for (int i = 0; i < values.length; i++) {
            int c = i / PIXELS % 3;
            double level = (greatest[c] - least[c]) / 255;
            assertThat(Math.abs(read[i] - values[i])).isLessThan((float) (0.5001 * level));
        }
        assertThat(read[5]).isCloseTo(40, within(1e-4f));
    }

    @Test
    void shouldStateScaleAndOffsetOfEveryChannel() {
        Safetensors file = Safetensors.parse(batch().toSafetensors(Encoding.UINT8));

        assertThat(file.type("images")).isEqualTo(DataType.U8);
        assertThat(file.metadata().get("images.scale").split(",")).hasSize(3);
        assertThat(file.metadata().get("images.offset").split(",")).hasSize(3);
    }

    /** 11 significant bits miss a value by 2^-12 of it at most. */
    @Test
    void shouldMissNoHalfByMoreThanItsPrecision() {
        float[] values = batch().images().values();

        byte[] file = batch().toSafetensors(Encoding.FLOAT16);
        float[] read = SyntheticBatch.fromSafetensors(file).images().values();

        for (int i = 0; i < values.length; i++) {
            assertThat(Math.abs(read[i] - values[i])).isLessThanOrEqualTo(Math.abs(values[i]) / 2048 + 1e-7f);
        }
        assertThat(Safetensors.parse(file).type("images")).isEqualTo(DataType.F16);
        assertThat(Safetensors.parse(file).metadata()).doesNotContainKey("images.scale");
    }

    @ParameterizedTest
    @ValueSource(floats = {65519, 65536, 3e38f})
    void shouldScaleWhatNoHalfCanHold(float large) {
        SyntheticBatch batch = of(large, -large / 3);

        float[] read = SyntheticBatch.fromSafetensors(batch.toSafetensors(Encoding.FLOAT16))
                .images()
                .values();

        assertThat(read[0]).isCloseTo(large, withPercentage(0.05));
        assertThat(read[1]).isCloseTo(-large / 3, withPercentage(0.05));
    }

    @Test
    void shouldKeepFloatsExactly() {
        assertThat(SyntheticBatch.fromSafetensors(batch().toSafetensors(Encoding.FLOAT32)))
                .isEqualTo(batch());
        assertThat(batch().toSafetensors()).isEqualTo(batch().toSafetensors(Encoding.FLOAT32));
    }

    @Test
    void shouldKeepAChannelWithoutContrast() {
        SyntheticBatch batch = of(0.1f, 0.1f);

        assertThat(SyntheticBatch.fromSafetensors(batch.toSafetensors(Encoding.UINT8))
                        .images())
                .isEqualTo(batch.images());
    }

    @Test
    void shouldTakeAQuarterOfTheSpace() {
        SyntheticBatch batch = new SyntheticBatch(
                new HostTensor(new long[] {64, 3, 32, 32}, new float[64 * 3 * 32 * 32]), List.of(), Map.of());

        double full = batch.toSafetensors().length;

        assertThat(batch.toSafetensors(Encoding.UINT8).length / full).isLessThan(0.251);
        assertThat(batch.toSafetensors(Encoding.FLOAT16).length / full).isLessThan(0.501);
    }

    @Test
    void shouldRefuseValuesThatAreNoNumbers() {
        assertThatThrownBy(() -> of(1, Float.NaN).toSafetensors(Encoding.UINT8))
                .isInstanceOf(EngineException.class)
                .hasMessage("images is NaN among them, expected finite values");
    }

    @Test
    void shouldRefuseScalesThatDoNotFit() {
        byte[] two = new SafetensorsWriter()
                .uint8("images", new long[] {1, 3, 1, 1}, new byte[3])
                .metadata("images.scale", "1,2")
                .toBytes();
        byte[] words = new SafetensorsWriter()
                .uint8("images", new long[] {1, 1, 1, 1}, new byte[1])
                .metadata("images.offset", "none")
                .toBytes();

        assertThatThrownBy(() -> SyntheticBatch.fromSafetensors(two))
                .isInstanceOf(EngineException.class)
                .hasMessage("images.scale is 2 numbers, expected one, or one for each of 3 channels");
        assertThatThrownBy(() -> SyntheticBatch.fromSafetensors(words))
                .hasMessage("images.offset is none, expected numbers separated by commas");
    }

    @Test
    void shouldRefuseImagesOfAnotherShape() {
        byte[] flat = new SafetensorsWriter()
                .uint8("images", new long[] {3}, new byte[3])
                .toBytes();

        assertThatThrownBy(() -> SyntheticBatch.fromSafetensors(flat))
                .isInstanceOf(EngineException.class)
                .hasMessage("images is of shape [3], expected batch, channels, height and width");
    }

    private static SyntheticBatch of(float a, float b) {
        return new SyntheticBatch(new HostTensor(new long[] {1, 1, 1, 2}, new float[] {a, b}), List.of(), Map.of());
    }
}
