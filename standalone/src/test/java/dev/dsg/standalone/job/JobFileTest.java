package dev.dsg.standalone.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobFileTest {

    @TempDir
    private Path folder;

    @Test
    void shouldReadJson() throws Exception {
        // When
        var request = read("job.json", """
                {"jobId": "j1", "model": "resnet20-cifar10", "seed": 3,
                 "synthesis": {"method": "zeroq", "learningRate": 0.25},
                 "quantization": {"weightBits": 3, "range": "min-max"}}
                """);

        // Then
        assertThat(request.jobId()).isEqualTo(JobId.parse("j1"));
        assertThat(request.seed()).isEqualTo(3);
        var spec = request.resolve();
        assertThat(spec.synthesis().learningRate()).isEqualTo(0.25);
        assertThat(spec.quantization().weightBits().bits()).isEqualTo(3);
    }

    @Test
    void shouldReadHoconAsTheSameJob() throws Exception {
        // Given the same job in both
        var json = read("job.json", """
                {"jobId": "j1", "model": "resnet20-cifar10",
                 "synthesis": {"images": 128, "batchSize": 128, "slackPercentile": 0.8},
                 "evaluation": {"dataset": "cifar10"}}
                """);

        // When
        var hocon = read("job.conf", """
                # a comment
                jobId = j1
                model = resnet20-cifar10
                synthesis { images = 128, batchSize = 128, slackPercentile = 0.8 }
                evaluation.dataset = cifar10
                """);

        // Then
        assertThat(hocon).isEqualTo(json);
    }

    @Test
    void shouldSubstituteWhatTheFileNames() throws Exception {
        var request = read("job.conf", """
                model = resnet20-cifar10
                synthesis { images = 32, batchSize = ${synthesis.images} }
                """);
        assertThat(request.synthesis().batchSize()).isEqualTo(32);
    }

    @Test
    void shouldSuggestTheNearestNameForOneThatIsUnknown() {
        assertThatThrownBy(() -> read("job.json", "{\"model\": \"m\", \"synthesis\": {\"iteration\": 3}}"))
                .isInstanceOfSatisfying(DsgException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FIELD);
                    assertThat(e.field()).contains("synthesis.iteration");
                })
                .hasMessageStartingWith(
                        "synthesis.iteration is not a field, expected one of iterations (the nearest), method, images");
    }

    @Test
    void shouldSuggestNothingForANameThatIsLikeNoOther() {
        assertThatThrownBy(() -> read("job.conf", "model = m, colour = red"))
                .hasMessage("colour is not a field, expected one of jobId, model, synthesis, quantization, training,"
                        + " evaluation, seed");
    }

    @Test
    void shouldNameTheFieldOfTheWrongKind() {
        assertThatThrownBy(() -> read("job.conf", "model = m, quantization.weightBits = four"))
                .isInstanceOfSatisfying(DsgException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FIELD);
                    assertThat(e.field()).contains("quantization.weightBits");
                    assertThat(e.expected()).contains("an integer");
                });
    }

    @Test
    void shouldSayWhereAFileIsBroken() {
        assertThatThrownBy(() -> read("job.json", "{\"model\": \"m\",\n\"seed\": }"))
                .isInstanceOfSatisfying(
                        DsgException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_MESSAGE))
                .hasMessageContaining("job.json: 2");
    }

    @Test
    void shouldSayThatThereIsNoFile() {
        assertThatThrownBy(() -> new JobFile(folder.resolve("none.json")).read())
                .isInstanceOf(DsgException.class)
                .hasMessageContaining("none.json");
    }

    private JobRequest read(String name, String text) throws IOException {
        return new JobFile(Files.writeString(folder.resolve(name), text)).read();
    }
}
