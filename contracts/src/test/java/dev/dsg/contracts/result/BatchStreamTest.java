package dev.dsg.contracts.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.store.Sha256;
import org.junit.jupiter.api.Test;

class BatchStreamTest {
    private static final Sha256 FIRST = Sha256.digest(new byte[] {1});
    private static final Sha256 SECOND = Sha256.digest(new byte[] {2});

    @Test
    void shouldCountBatches() {
        assertThat(BatchStream.EMPTY.then(FIRST).then(SECOND).batches()).isEqualTo(2);
    }

    @Test
    void shouldTellStreamsApartByContentAndOrder() {
        BatchStream stream = BatchStream.EMPTY.then(FIRST).then(SECOND);
        assertThat(BatchStream.EMPTY.then(SECOND).then(FIRST).sha256()).isNotEqualTo(stream.sha256());
        assertThat(BatchStream.EMPTY.then(FIRST).sha256()).isNotEqualTo(stream.sha256());
    }

    @Test
    void shouldGoOnFromHalfAStream() {
        // Given
        BatchStream half = BatchStream.EMPTY.then(FIRST);
        BatchStream kept =
                new BatchStream(half.batches(), Sha256.parse(half.sha256().hex()));

        // Then
        assertThat(kept.then(SECOND)).isEqualTo(half.then(SECOND));
    }

    @Test
    void shouldChainTheTextOfDigests() {
        // printf '%s%s' "$(printf '' | sha256sum | cut -c-64)" "$(printf '\001' | sha256sum | cut -c-64)" | sha256sum
        assertThat(BatchStream.EMPTY.then(FIRST).sha256().hex())
                .isEqualTo("a3e138961a50ae4c08210cc18848d0d30b787f2cd1c1327b54cbd6875a995266");
    }
}
