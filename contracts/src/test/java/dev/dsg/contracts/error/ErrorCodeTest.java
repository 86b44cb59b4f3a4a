package dev.dsg.contracts.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void shouldRetryOnlyWhatAnotherAttemptCanCure() {
        assertThat(Arrays.stream(ErrorCode.values()).filter(ErrorCode::retryable))
                .containsExactlyInAnyOrder(
                        ErrorCode.STORE_UNAVAILABLE, ErrorCode.BROKER_UNAVAILABLE, ErrorCode.INTERNAL);
    }

    @Test
    void shouldDropOnlyWorkThatNobodyWants() {
        assertThat(Arrays.stream(ErrorCode.values()).filter(code -> code.disposition() == Disposition.DROP))
                .containsExactly(ErrorCode.JOB_CANCELLED);
    }
}
