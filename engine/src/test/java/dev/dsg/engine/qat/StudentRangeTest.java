package dev.dsg.engine.qat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.qat.StudentSettings.Ranges;
import dev.dsg.engine.quantization.BitWidth;
import dev.dsg.engine.quantization.Range;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class StudentRangeTest {

    private static final Offset<Float> EXACT = within(1e-5f);

    private static StudentRange range(Ranges ranges) {
        return new StudentRange(new BitWidth(4), new Range(0, 2), ranges);
    }

    @Test
    void shouldStayAsCalibratedUntilABatchIsSeen() {
        assertThat(range(Ranges.EMA).range()).isEqualTo(new Range(0, 2));
        assertThat(range(Ranges.LEARNED).range()).isEqualTo(new Range(0, 2));
    }

    /** The released code's average of a constant 1 is 17.8 after three batches and 3938 after 22. */
    @Test
    void shouldFindTheExtremesOfBatchesThatAreAllAlikeAtOnce() {
        StudentRange range = range(Ranges.EMA);
        for (int i = 0; i < 150; i++) {
            range.observe(new Range(-1, 3));
            assertThat(range.range().lo()).isCloseTo(-1, EXACT);
            assertThat(range.range().hi()).isCloseTo(3, EXACT);
        }
    }

    @Test
    void shouldWeighABatchByHowLongAgoItWas() {
        StudentRange range = range(Ranges.EMA);
        range.observe(new Range(0, 1));
        range.observe(new Range(0, 2));
        range.observe(new Range(0, 4));

        float expected = (0.81f * 0.1f * 1 + 0.9f * 0.1f * 2 + 0.1f * 4) / (1 - 0.729f);
        assertThat(range.range().hi()).isCloseTo(expected, EXACT);
    }
}
