package dev.dsg.contracts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class Sha256Test {
    private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void shouldGiveTheStandardsExample() {
        assertThat(Sha256.digest(ABC)).hasToString(OF_ABC);
    }

    @Test
    void shouldGiveTheSameForContentInPieces() {
        // Given
        MessageDigest digest = Sha256.newDigest();

        // When
        digest.update(ABC, 0, 1);
        digest.update(ABC, 1, 2);

        // Then
        assertThat(Sha256.finish(digest)).isEqualTo(Sha256.parse(OF_ABC));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"abc", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"})
    void shouldRefuseOtherText(String text) {
        assertThatExceptionOfType(DsgException.class).isThrownBy(() -> Sha256.parse(text));
    }

    @Test
    void shouldReferToBytesByTheirDigestAndSize() {
        ObjectKey key = ObjectKey.parse("a");
        assertThat(ObjectRef.of(key, ABC)).isEqualTo(new ObjectRef(key, Sha256.parse(OF_ABC), 3));
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> new ObjectRef(key, Sha256.parse(OF_ABC), -1))
                .withMessage("size is -1, expected at least 0");
    }
}
