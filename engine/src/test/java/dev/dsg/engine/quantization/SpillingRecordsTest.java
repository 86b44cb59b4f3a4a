package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpillingRecordsTest {

    private static float[] record(int number) {
        return new float[] {number, -number, number / 3f};
    }

    /** A record takes 12 bytes. */
    @ParameterizedTest
    @CsvSource({"60, 5", "1000, 5", "59, 4", "24, 2", "11, 0"})
    void shouldKeepWhatFitsTheBudgetAndGiveAllBack(long memoryBytes, int kept) {
        try (SpillingRecords records = new SpillingRecords(5, 3, memoryBytes)) {
            for (int i = 4; i >= 0; i--) {
                records.put(i, record(i));
            }

            for (int i = 0; i < 5; i++) {
                assertThat(records.get(i)).isEqualTo(record(i));
            }
            assertThat(records.capacity()).isEqualTo(kept);
            assertThat(12L * records.capacity()).isLessThanOrEqualTo(memoryBytes);
            assertThat(records.spilledBytes()).isEqualTo(12L * (5 - kept));
        }
    }

    @Test
    void shouldReplaceARecord() {
        try (SpillingRecords records = new SpillingRecords(2, 3, 12)) {
            for (int i = 0; i < 2; i++) {
                records.put(i, record(7));
                records.put(i, record(8));
                assertThat(records.get(i)).isEqualTo(record(8));
            }
        }
    }
}
