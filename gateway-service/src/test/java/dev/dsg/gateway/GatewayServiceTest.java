package dev.dsg.gateway;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobState.Submitted;
import dev.dsg.contracts.job.JobState.Synthesizing;
import dev.dsg.contracts.message.EvaluationTask;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.Message;
import dev.dsg.contracts.message.QuantizationTask;
import dev.dsg.contracts.message.ReportReady;
import dev.dsg.contracts.result.Accuracy;
import dev.dsg.contracts.result.Accuracy.Bin;
import dev.dsg.contracts.result.Accuracy.Change;
import dev.dsg.contracts.result.Accuracy.ClassScore;
import dev.dsg.contracts.result.Accuracy.Interval;
import dev.dsg.contracts.result.Accuracy.Score;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.gateway.stream.StreamReader;
import dev.dsg.platform.queue.Queue;
import dev.dsg.platform.queue.ShareWorker;
import dev.dsg.platform.queue.WorkerSettings;
import dev.dsg.platform.wire.Json;
import dev.dsg.platform.wire.KafkaAccess;
import dev.dsg.testing.Await;
import dev.dsg.testing.EmbeddedServers;
import dev.dsg.testing.ServiceTest;
import dev.dsg.testing.SmallWorld;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedServers.class)
class GatewayServiceTest extends ServiceTest {

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @Test
    void shouldListJobsNewestFirstPageByPage() {
        // Given
        for (var id : List.of("page-1", "page-2", "page-3", "page-4", "page-5")) {
            accepted(id);
        }
        awaitStage("page-5", "submitted");

        // When / Then
        given().queryParam("limit", 2)
                .get("/jobs")
                .then()
                .statusCode(200)
                .body("jobs.jobId", contains("page-5", "page-4"))
                .body("next", equalTo("page-4"));
        given().queryParam("limit", 2)
                .queryParam("after", "page-4")
                .get("/jobs")
                .then()
                .body("jobs.jobId", contains("page-3", "page-2"));
    }

    @Test
    void shouldTellWhereAJobIs() {
        // Given
        var job = accepted("told").jobId();
        var status = jobs.update(job, state -> state instanceof Submitted s ? s.synthesizing(3) : state);
        jobs.progress(status, new JobEvent.Progress("batch/00001", 7, 20));

        // When / Then
        Await.until(() -> 7 == get("/jobs/told").jsonPath().getInt("progress.done"));
        get("/jobs/told")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("jobId", equalTo("told"))
                .body("state.stage", equalTo("synthesizing"))
                .body("state.total", equalTo(3))
                .body("version", equalTo(2))
                .body("history.stage", contains("submitted", "synthesizing"))
                .body("progress.task", equalTo("batch/00001"));

        // When it goes on, and ends
        jobs.update(job, state -> state instanceof Synthesizing s ? s.progressedTo(1) : state);
        jobs.cancel(job, "seen enough");

        // Then
        awaitStage("told", "cancelled");
        get("/jobs/told")
                .then()
                .body("state.reason", equalTo("seen enough"))
                .body("progress", nullValue())
                .body("history", hasSize(3));
    }

    @Test
    void shouldRefuseWhatIsNoQuestion() {
        get("/jobs/nobody-knows")
                .then()
                .statusCode(404)
                .body("code", equalTo("UNKNOWN_JOB"))
                .body("field", equalTo("jobId"))
                .body("message", equalTo("jobId is \"nobody-knows\", expected the id of a job"));
        get("/jobs/.hidden").then().statusCode(400).body("code", equalTo("INVALID_FIELD"));
        get("/jobs?after=nobody-knows").then().statusCode(404).body("field", equalTo("after"));
        for (var limit : List.of("0", "201", "-1", "many", "99999999999")) {
            get("/jobs?limit=" + limit)
                    .then()
                    .statusCode(400)
                    .body("message", equalTo("limit is \"" + limit + "\", expected an integer in 1..200"));
        }
    }

    @Test
    void shouldRebuildWhatItKnowsFromTheBeginningOfTheStream() {
        // Given
        accepted("rebuilt");
        jobs.cancel(JobId.parse("rebuilt"), "no need");
        var heard = new CopyOnWriteArrayList<Message>();

        // When
        try (var reader =
                new StreamReader(KafkaAccess.of(bootstrapServers), Topics.JOB_EVENTS, StreamReader.ALL, heard::add)) {
            reader.start();
            Await.until(reader::caughtUp);

            // Then
            assertThat(heard)
                    .map(message -> (JobEvent) message)
                    .filteredOn(event -> event.jobId().value().equals("rebuilt"))
                    .extracting(JobEvent::state)
                    .extracting(JobState::stage)
                    .map(stage -> stage.wireName())
                    .containsExactly("submitted", "cancelled");
        }
    }

    @Test
    void shouldCountWhatWaitsAndWhatIsAtHand() {
        // Given a queue that nobody ever read
        var queue = Topics.QUANTIZATION_TASKS;
        for (var id : List.of("q1", "q2", "q3")) {
            publisher.publish(new QuantizationTask(JobId.parse(id)));
        }
        Await.until(() -> depth(queue) == 3);
        Await.until(() -> age(queue) > 0);

        // When a worker takes one, and works
        var finish = new Semaphore(0);
        var worker = ShareWorker.start(
                Queue.QUANTIZATION,
                _ -> finish.acquire(),
                WorkerSettings.of(bootstrapServers),
                publisher,
                new SimpleMeterRegistry());
        try (worker) {
            Await.until(finish::hasQueuedThreads);

            // Then what it has at hand still counts
            await(queue, 3);
            finish.release();
            await(queue, 2);
            finish.release(2);
            await(queue, 0);
            assertThat(age(queue)).isZero();

            // And what comes later counts, too
            publisher.publish(new QuantizationTask(JobId.parse("q4")));
            await(queue, 1);
            finish.release();
            await(queue, 0);
        }
    }

    @Test
    void shouldNotCountWhatWasGivenUp() {
        // Given
        var queue = Topics.EVALUATION_TASKS;
        publisher.publish(new EvaluationTask(
                JobId.parse("e1"), SmallWorld.put(store, StoreLayout.manifest(JobId.parse("e1")), new byte[1])));

        // When
        var worker = ShareWorker.start(
                Queue.EVALUATION,
                task -> {
                    throw new dev.dsg.contracts.error.DsgException(ErrorCode.CORRUPT_OBJECT, "not to be used");
                },
                WorkerSettings.of(bootstrapServers),
                publisher,
                new SimpleMeterRegistry());
        try (worker) {
            letter("e1");

            // Then
            await(queue, 0);
        }
    }

    @Test
    void shouldShowHowAccurateTheLatestArtefactsAre() {
        // When
        report("accurate-1", SmallWorld.job("accurate-1"), 0.75);
        report("accurate-2", SmallWorld.job("accurate-2"), 0.5);
        report("accurate-3", SmallWorld.job("accurate-3", "\"weightBits\": 8, \"activationBits\": 8"), 0.875);

        // Then
        Await.until(() -> value("dsg_top1_ratio{", "weight_bits=\"8\"") == 0.875);
        Await.until(() -> value("dsg_top1_ratio{", "weight_bits=\"4\"") == 0.5);
        assertThat(value("dsg_top1_drop_ratio{", "weight_bits=\"4\"")).isEqualTo(0.4375);
        assertThat(value("dsg_top1_fp32_ratio{", "weight_bits=\"4\"")).isEqualTo(0.9375);
    }

    @Test
    void shouldCountJobsByState() {
        // Given
        var before = value("dsg_jobs{", "state=\"submitted\"");

        // When
        accepted("counted");
        awaitStage("counted", "submitted");

        // Then
        assertThat(value("dsg_jobs{", "state=\"submitted\"")).isGreaterThanOrEqualTo(before + 1);
        get("/q/health/live").then().statusCode(200);
        get("/q/health/ready").then().statusCode(200);
    }

    private void report(String id, JobSpec spec, double top1) {
        var digest = Sha256.digest(new byte[0]);
        var none = new Interval(0, 1);
        var certainty = List.of(new Bin(48, 0.9, 0.9));
        var report = JobReport.of(
                spec,
                Instant.EPOCH,
                new Accuracy(
                        48,
                        new Score(0.9375, 1, none, none, 0, certainty),
                        new Score(top1, 1, none, none, 0, certainty),
                        top1,
                        new Change(0.9375 - top1, new Interval(-1, 1), 48, 0),
                        List.of(new ClassScore("all", 48, 45, 24))),
                new JobReport.Onnx(new JobReport.TopK(top1, 1), 1, 10, 40),
                null,
                List.of(),
                new JobReport.Seconds(1, 1, 1, 3),
                new JobReport.Digests(digest, digest, List.of(digest), null, digest, digest));
        var ref = SmallWorld.put(store, StoreLayout.report(JobId.parse(id)), Json.bytes(report));
        publisher.publish(new ReportReady(JobId.parse(id), ref));
    }

    private static void awaitStage(String id, String stage) {
        Await.until(() -> stage.equals(get("/jobs/" + id).jsonPath().getString("state.stage")));
    }

    private static void await(String queue, double depth) {
        Await.until(() -> depth(queue) == depth);
    }

    private static double depth(String queue) {
        return value("dsg_queue_depth{", "queue=\"" + queue + "\"");
    }

    private static double age(String queue) {
        return value("dsg_queue_age_seconds{", "queue=\"" + queue + "\"");
    }

    /** The value of the first series that begins so and has a label; not a number where there is none. */
    private static double value(String name, String label) {
        Function<String, Double> number = line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1));
        return get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name) && line.contains(label))
                .findFirst()
                .map(number)
                .orElse(Double.NaN);
    }
}
