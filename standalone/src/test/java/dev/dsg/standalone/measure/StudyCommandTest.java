package dev.dsg.standalone.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.quantization.RangeMethod;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class StudyCommandTest {

    private final StudyCommand.ColumnParser parser = new StudyCommand.ColumnParser();

    @Test
    void shouldGiveMeanAndSampleDeviation() {
        assertThat(StudyCommand.summary(new double[] {0.88, 0.90})).isEqualTo("89.00 +- 1.41");
        assertThat(StudyCommand.summary(new double[] {0.9173})).isEqualTo("91.73");
    }

    @Test
    void shouldReadAColumn() {
        assertThat(parser.convert("3/4:sample-mean")).isEqualTo(new StudyCommand.Column(3, 4, RangeMethod.SAMPLE_MEAN));
    }

    @Test
    void shouldSayWhatAColumnLooksLike() {
        assertThatThrownBy(() -> parser.convert("9/4:mse"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("4/4:mse");
        assertThatThrownBy(() -> parser.convert("4/4:median")).hasMessageContaining("sample-mean");
    }
}
