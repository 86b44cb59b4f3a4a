package dev.dsg.standalone.measure;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class MethodsStudyTest {

    @ParameterizedTest
    @CsvSource({
        "--bits=9/4, 4/4",
        "--ranges=median, sample-mean",
        "--roundings=up, squant",
        "--images=magic, synthesis.method",
        "--images=dsg:slackPercentile=2, slackPercentile"
    })
    void shouldSayWhatAnOptionMayBe(String option, String expected) {
        CommandLine study = new CommandLine(new MethodsStudy());

        assertThatThrownBy(() -> study.parseArgs(option))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining(expected);
    }
}
