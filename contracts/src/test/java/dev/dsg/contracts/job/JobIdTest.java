package dev.dsg.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"j", "20260102-030405-x7k2", "My_Job-1"})
    void shouldReadPlainNames(String text) {
        assertThat(JobId.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"..", "a/b", "a.b", "-a", "_a", "a b", "a\n", "\u00e9"})
    void shouldRefuseWhatCouldNotBeAPathSegment(String text) {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> JobId.parse(text))
                .matches(e -> e.field().orElseThrow().equals("jobId"));
    }

    @Test
    void shouldRefuseMoreThan64Characters() {
        assertThat(JobId.parse("a".repeat(64))).isNotNull();
        assertThatExceptionOfType(DsgException.class).isThrownBy(() -> JobId.parse("a".repeat(65)));
    }

    @Test
    void shouldReadTheJobOffTheKeyOfARecord() {
        assertThat(JobId.ofRecordKey("j1/00003")).contains(JobId.parse("j1"));
        assertThat(JobId.ofRecordKey("j1")).contains(JobId.parse("j1"));
        assertThat(JobId.ofRecordKey("../../etc")).isEmpty();
        assertThat(JobId.ofRecordKey(null)).isEmpty();
    }

    @Test
    void shouldCreateIdsThatSortByTimeAndRepeatWithTheirSeed() {
        // Given
        Instant now = Instant.parse("2026-01-02T03:04:05Z");

        // When
        JobId id = JobId.create(now, new Random(1));

        // Then
        assertThat(id.value()).matches("20260102-030405-[0-9a-z]{4}");
        assertThat(id).isEqualTo(JobId.create(now, new Random(1))).isNotEqualTo(JobId.create(now, new Random(2)));
        assertThat(JobId.create(now.plusSeconds(1), new Random(1))).isGreaterThan(id);
    }
}
