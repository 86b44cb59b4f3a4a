package dev.dsg.contracts.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DsgExceptionTest {
    @Test
    void shouldSayFieldValueAndExpectation() {
        // When
        DsgException e = DsgException.invalid("quantization.weightBits", 9, "an integer in 2..8");

        // Then
        assertThat(e).hasToString("INVALID_FIELD: quantization.weightBits is 9, expected an integer in 2..8");
        assertThat(e.field()).contains("quantization.weightBits");
        assertThat(e.expected()).contains("an integer in 2..8");
    }

    @Test
    void shouldQuoteTextAndSayWhatIsMissing() {
        assertThat(DsgException.invalid("seed", "7", "a number")).hasMessage("seed is \"7\", expected a number");
        assertThat(DsgException.invalid("model", null, "a name")).hasMessage("model is missing, expected a name");
    }

    @Test
    void shouldNotRepeatAWholePayload() {
        assertThat(DsgException.invalid("model", "x".repeat(10_000), "a name").getMessage())
                .hasSizeLessThan(200)
                .contains("xxx...");
    }

    @Test
    void shouldRefuseAnUnknownFieldByNameAndSayWhatThereIs() {
        // When
        DsgException e = DsgException.unknownField("synthesis.iteration", List.of("method", "images", "iterations"));

        // Then
        assertThat(e).hasMessage("synthesis.iteration is not a field, expected one of method, images, iterations");
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(e.field()).contains("synthesis.iteration");
    }

    @Test
    void shouldHaveNoFieldWhereNoneIsAtFault() {
        DsgException e = new DsgException(ErrorCode.STORE_UNAVAILABLE, "no answer");
        assertThat(e.field()).isEmpty();
        assertThat(e.expected()).isEmpty();
        assertThat(e).hasToString("STORE_UNAVAILABLE: no answer");
    }

    @Test
    void shouldNameAFieldFromFurtherOut() {
        // Given
        DsgException inner = DsgException.invalid("key", "../x", "a key");

        // When
        DsgException outer = inner.within("batch");

        // Then
        assertThat(outer.field()).contains("batch.key");
        assertThat(outer).hasMessage("batch.key is \"../x\", expected a key").hasCause(inner);
        assertThat(inner.within("")).isSameAs(inner);
        DsgException fieldless = new DsgException(ErrorCode.INTERNAL, "a defect");
        assertThat(fieldless.within("batch")).isSameAs(fieldless);
    }
}
