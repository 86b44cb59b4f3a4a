package dev.dsg.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SynthesisSpecTest {
    @ParameterizedTest
    @CsvSource({"64, 64, 1", "65, 64, 2", "1, 64, 1", "256, 64, 4", "65536, 1, 65536"})
    void shouldCutTheImagesIntoBatches(int images, int batchSize, int batches) {
        // Given
        SynthesisSpec spec = spec(images, batchSize);

        // Then
        assertThat(spec.batches()).isEqualTo(batches);
        assertThat(IntStream.range(0, batches).map(spec::imagesIn).sum()).isEqualTo(images);
    }

    @Test
    void shouldLeaveTheLastBatchSmaller() {
        assertThat(spec(100, 64).imagesIn(0)).isEqualTo(64);
        assertThat(spec(100, 64).imagesIn(1)).isEqualTo(36);
    }

    @Test
    void shouldRefuseBatchesThatDoNotExist() {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> spec(100, 64).imagesIn(2))
                .withMessage("batchIndex is 2, expected an integer in 0..1");
    }

    private static SynthesisSpec spec(int images, int batchSize) {
        return JobFields.of(Map.of("synthesis.images", images, "synthesis.batchSize", batchSize))
                .resolve()
                .synthesis();
    }
}
