package dev.dsg.standalone.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestNameTest {

    @Test
    void shouldCountEdits() {
        assertThat(NearestName.edits("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestName.edits("", "abc")).isEqualTo(3);
        assertThat(NearestName.edits("WeightBits", "weightbits")).isZero();
    }

    @Test
    void shouldPutTheNearestFirstIfHalfOfItIsRight() {
        var names = List.of("images", "iterations", "init");
        assertThat(NearestName.marked("iteratons", names))
                .containsExactly("iterations (the nearest)", "images", "init");
        assertThat(NearestName.marked("xyz", names)).isEqualTo(names);
    }
}
