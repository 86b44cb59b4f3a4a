package dev.dsg.platform.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.BatchReady;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.JobSubmitted;
import dev.dsg.contracts.message.SynthesisTask;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

    private static final JobId JOB = JobId.parse("j1");

    @Test
    void shouldGiveEqualBytesForEqualValues() {
        // Given
        var spec = JobRequest.of("resnet20-cifar10").withJobId(JOB).resolve();

        // When
        var again = Json.parse(Json.bytes(spec), JobSpec.class);

        // Then
        assertThat(again).isEqualTo(spec);
        assertThat(Json.bytes(again)).isEqualTo(Json.bytes(spec));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "de-DE", "ar-EG-u-nu-arab"})
    void shouldIndentAlikeOnEveryMachine(String language) {
        record Found(double sqnr, List<Integer> bits) {}
        var before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag(language));

            assertThat(Json.pretty(new Found(-1234.5, List.of(4, 8))))
                    .isEqualTo("{\n  \"sqnr\" : -1234.5,\n  \"bits\" : [ 4, 8 ]\n}");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void shouldKeepStatesAndTimes() {
        var status = JobStatus.first(JOB, new JobState.Submitted(), Instant.parse("2026-01-02T03:04:05Z"));
        var json = new String(Json.bytes(status), UTF_8);
        assertThat(json).contains("\"2026-01-02T03:04:05Z\"").contains("\"stage\":\"submitted\"");
        assertThat(Json.parse(json.getBytes(UTF_8), JobStatus.class)).isEqualTo(status);
    }

    @Test
    void shouldTakeWholeNumbersForFractions() {
        var request = parse("{'jobId':'j1','model':'m','synthesis':{'learningRate':1}}", JobSubmitted.class);
        assertThat(request.spec().synthesis().learningRate()).isEqualTo(1.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{'jobId':",
                "null",
                "[]",
                "'text'",
                "{'jobId':'j1','batchIndex':1} {}",
                "{'jobId':'j1','jobId':'j2','batchIndex':1}"
            })
    void shouldRefuseWhatIsNotTheMessage(String json) {
        assertThat(failure(json, SynthesisTask.class).code()).isEqualTo(ErrorCode.MALFORMED_MESSAGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'jobId':'j1','batchIndex':'3'}     | batchIndex | an integer",
                "{'jobId':'j1','batchIndex':3.5}     | batchIndex | an integer",
                "{'jobId':'j1','batchIndex':true}    | batchIndex | an integer",
                "{'jobId':'j1','batchIndex':{}}      | batchIndex | an integer",
                "{'jobId':'j1','batchIndex':null}    | batchIndex | an integer",
                "{'jobId':'j1'}                      | batchIndex | an integer",
                "{'jobId':'j1','batchIndex':-1}      | batchIndex | at least 0",
                "{'jobId':'j1','batchIndex':1,'x':2} | x          | one of batchIndex, jobId",
                "{'jobId':'../j','batchIndex':1}     | jobId      | 1 to 64 of",
                "{'jobId':7,'batchIndex':1}          | jobId      | an object or text of its kind",
                "{'batchIndex':1}                    | jobId      | a value",
            })
    void shouldNameTheFieldAndWhatWasExpected(String json, String field, String expected) {
        var failure = failure(json, SynthesisTask.class);
        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(failure.field()).contains(field);
        assertThat(failure.expected().orElse("")).startsWith(expected);
    }

    @Test
    void shouldNameFieldsBelowByTheirPath() {
        var sha = "0".repeat(64);
        assertThat(failure(
                                "{'jobId':'j','batchIndex':0,'batch':{'key':'../x','sha256':'" + sha + "','size':1}}",
                                BatchReady.class)
                        .field())
                .contains("batch.key");
        assertThat(failure(
                                "{'jobId':'j','batchIndex':0,'batch':{'key':'x','sha256':'" + sha + "','size':-1}}",
                                BatchReady.class)
                        .field())
                .contains("batch.size");
        assertThat(failure("{'jobId':'j','model':'m','synthesis':{'colour':1}}", JobSubmitted.class)
                        .field())
                .contains("synthesis.colour");
        assertThat(failure("{'jobId':'j','model':'m','synthesis':{'images':'many'}}", JobSubmitted.class))
                .hasMessage("synthesis.images is \"many\", expected an integer");
    }

    @Test
    void shouldListTheChoices() {
        assertThatThrownBy(() -> parse("{'code':'OOPS'}", DeadLetter.class))
                .hasMessageContaining("code is \"OOPS\", expected one of MALFORMED_MESSAGE, INVALID_FIELD");
    }

    private static DsgException failure(String json, Class<?> type) {
        return catchThrowableOfType(DsgException.class, () -> parse(json, type));
    }

    private static <T> T parse(String json, Class<T> type) {
        return Json.parse(json.replace('\'', '"').getBytes(UTF_8), type);
    }
}
