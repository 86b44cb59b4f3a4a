package dev.dsg.standalone.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobState.Completed;
import dev.dsg.contracts.job.JobState.Failed;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.JobSubmitted;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.KafkaRecordSender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A bad job is refused at once, says why, and is in nobody's way. */
@ExtendWith(TestSystem.Resolver.class)
@Timeout(600)
final class BadInputIT {

    private final TestSystem world;

    BadInputIT(TestSystem world) {
        this.world = world;
    }

    @Test
    void shouldRefuseBadJobsAndRunTheNext() throws Exception {
        // Given a network whose weights are cut off, and a data set of other classes
        var expected = world.undisturbed();
        world.putNetwork("truncated", new byte[] {1, 2, 3});
        world.putDataset("pets", List.of("cat", "dog"), 10);

        // When
        send("nonsense", "{\"model\": ");
        send("too-wide", "{\"jobId\":\"too-wide\",\"model\":\"m\",\"quantization\":{\"weightBits\":9}}");
        send("too-round", "{\"jobId\":\"too-round\",\"model\":\"m\",\"quantization\":{\"rounding\":\"up\"}}");
        send("elsewhere", "{\"jobId\":\"elsewhere\",\"model\":\"m\",\"quantization\":{\"target\":\"abacus\"}}");
        world.jobs().submit(world.job(Map.of("jobId", "unknown-plug-in", "synthesis.parameterization", "crystals")));
        world.jobs().submit(world.job("unknown-model", "no-such-network", TestSystem.DATASET, 1));
        world.jobs().submit(world.job("unknown-dataset", TestSystem.MODEL, "no-such-dataset", 1));
        world.jobs().submit(world.job("corrupt-model", "truncated", TestSystem.DATASET, 1));
        world.jobs().submit(world.job("other-classes", TestSystem.MODEL, "pets", 1));
        world.jobs().submit(world.job("next"));

        // Then each says why, and the next one runs
        assertThat(failure("too-wide"))
                .isEqualTo(new Failed(
                        ErrorCode.INVALID_FIELD,
                        "quantization.weightBits",
                        "quantization.weightBits is 9, expected an integer in 2..8"));
        assertThat(failure("too-round").message())
                .isEqualTo("quantization.rounding is \"up\","
                        + " expected one of nearest, squant, adaround, brecq, qdrop");
        assertThat(failure("elsewhere").message())
                .isEqualTo("quantization.target is \"abacus\", expected one of reference, onnxruntime");
        assertThat(failure("unknown-plug-in").message())
                .isEqualTo("synthesis.parameterization is \"crystals\", expected one of latents, pixels");
        assertThat(failure("unknown-model").code()).isEqualTo(ErrorCode.UNKNOWN_MODEL);
        assertThat(failure("unknown-dataset").code()).isEqualTo(ErrorCode.UNKNOWN_DATASET);
        assertThat(failure("corrupt-model").code()).isEqualTo(ErrorCode.CORRUPT_MODEL);
        assertThat(failure("other-classes").code()).isEqualTo(ErrorCode.CLASSES_DO_NOT_FIT);
        assertThat(world.completed(JobId.parse("next"))).isEqualTo(expected);
        assertThat(world.told(Topics.DEAD_LETTERS, DeadLetter.class))
                .filteredOn(letter -> letter.origin().topic().equals(Topics.JOBS))
                .extracting(letter -> letter.origin().key() + " " + letter.code())
                .contains(
                        "nonsense MALFORMED_MESSAGE",
                        "too-wide INVALID_FIELD",
                        "unknown-model UNKNOWN_MODEL",
                        "unknown-dataset UNKNOWN_DATASET",
                        "corrupt-model CORRUPT_MODEL",
                        "other-classes CLASSES_DO_NOT_FIT");
    }

    @Test
    void shouldRunARefusedJobWhenItsLetterIsRedriven(@TempDir Path folder) throws Exception {
        // Given a job that was refused for the lack of its data set, which is there by now
        var job = JobId.parse("redriven");
        world.jobs().submit(world.job(job.value(), TestSystem.MODEL, "late", 2));
        assertThat(failure(job.value()).code()).isEqualTo(ErrorCode.UNKNOWN_DATASET);
        world.putDataset("late", List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"), 100);
        var letter = await().atMost(TestSystem.PATIENCE)
                .until(
                        () -> world.told(Topics.DEAD_LETTERS, DeadLetter.class).stream()
                                .filter(said -> said.recordKey().equals(job.value()))
                                .findFirst(),
                        Optional::isPresent);
        var id = letter.orElseThrow().id();
        var dsg = new CommandLine(world, folder, Map.of());

        // When
        assertThat(dsg.finish("dlq show " + id)).isZero();
        assertThat(dsg.output()).contains("UNKNOWN_DATASET", "ce_id           redriven/submitted", "\"model\"");
        assertThat(dsg.finish("dlq redrive " + id)).isZero();

        // Then
        assertThat(dsg.output()).contains(id + ": put back on its topic, and job redriven opened again");
        world.completed(job);
        assertThat(dsg.finish("dlq redrive " + id)).isZero();
        assertThat(dsg.output()).contains(id + ": was redriven already, at ");
        assertThat(dsg.finish("dlq list --code UNKNOWN_DATASET")).isZero();
        assertThat(dsg.output().lines().filter(line -> line.startsWith(id)))
                .singleElement()
                .asString()
                .contains("redriven", " 20");
        assertThat(dsg.finish("dlq redrive dsg.jobs/0/99999")).isEqualTo(2);
        assertThat(dsg.output())
                .contains("INVALID_FIELD: dead letter is \"dsg.jobs/0/99999\", expected the id of one that is kept")
                .doesNotContain("\tat ");
    }

    @Test
    void shouldRefuseAnIdThatBelongsToAnotherJob() {
        // Given a job that is done, and another body under its id
        world.undisturbed();
        var id = JobId.parse("undisturbed");
        var other = new JobRequest(id, TestSystem.MODEL, null, null, null, null, 7L);

        // When it comes by a way on which nobody looks first
        world.connection().publisher().publish(new JobSubmitted(other.resolve()));

        // Then
        await().atMost(TestSystem.PATIENCE)
                .untilAsserted(() -> assertThat(world.told(Topics.DEAD_LETTERS, DeadLetter.class))
                        .filteredOn(letter -> id.value().equals(letter.origin().key()))
                        .extracting(DeadLetter::code)
                        .containsExactly(ErrorCode.DUPLICATE_JOB));
        assertThat(world.jobs().requireStatus(id).state()).isEqualTo(new Completed());
    }

    private Failed failure(String job) {
        var state = world.ended(JobId.parse(job)).state();
        assertThat(state).isInstanceOf(Failed.class);
        return (Failed) state;
    }

    private void send(String key, String value) throws Exception {
        var record = new ProducerRecord<>(Topics.JOBS, key, value.getBytes(UTF_8));
        record.headers().add(CloudEvents.TYPE, "dev.dsg.job.submitted.v1".getBytes(UTF_8));
        try (var sender = new KafkaRecordSender(world.system().access().kafka(), Duration.ofSeconds(10))) {
            sender.send(record).toCompletableFuture().get();
        }
    }
}
