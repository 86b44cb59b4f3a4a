package dev.dsg.generator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState.Cancelled;
import dev.dsg.contracts.job.JobState.Failed;
import dev.dsg.contracts.job.JobState.Submitted;
import dev.dsg.contracts.job.JobState.Synthesizing;
import dev.dsg.contracts.message.BatchReady;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.JobCancelled;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.JobSubmitted;
import dev.dsg.contracts.message.MessageType;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.testing.Await;
import dev.dsg.testing.EmbeddedServers;
import dev.dsg.testing.ServiceTest;
import dev.dsg.testing.SmallWorld;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.spi.CDI;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(EmbeddedServers.class)
class PlannerTest extends ServiceTest {

    private static final String TRUNCATED = "truncated";
    private static final String LYING = "lying";
    private static final String FORGED = "forged";
    private static final String EXOTIC = "exotic";
    private static final String FOLDED = "folded";
    private static final String SCRAMBLED = "scrambled";

    @BeforeAll
    void createBadWorld() {
        SmallWorld.putDataset(store, "animals", SmallWorld.classes("animal"));
        var weights = SmallWorld.weights();
        SmallWorld.putModel(store, TRUNCATED, Arrays.copyOf(weights, weights.length / 2));
        var lying = weights.clone();
        // The header now claims to be far longer than the file.
        lying[3] = 0x7f;
        SmallWorld.putModel(store, LYING, lying);
        var key = StoreLayout.modelFile(FORGED, "model.safetensors");
        SmallWorld.put(store, key, weights);
        SmallWorld.putCard(store, SmallWorld.card(FORGED, SmallWorld.ARCHITECTURE, ObjectRef.of(key, lying)));
        var exotic = SmallWorld.put(store, StoreLayout.modelFile(EXOTIC, "model.safetensors"), weights);
        SmallWorld.putCard(store, SmallWorld.card(EXOTIC, "perceptron", exotic));
        SmallWorld.putOnnx(store, FOLDED, new BatchNormFolding(0).fold(SmallWorld.network()));
        SmallWorld.put(store, StoreLayout.modelCard(SCRAMBLED), "no card".getBytes(UTF_8));
    }

    static Stream<Arguments> badJobs() {
        return Stream.of(
                arguments("unknown-model", ErrorCode.UNKNOWN_MODEL, "model", "'model':'nobody'"),
                arguments("no-model", ErrorCode.INVALID_FIELD, "model", "'seed':1"),
                arguments(
                        "bits",
                        ErrorCode.INVALID_FIELD,
                        "quantization.weightBits",
                        model(SmallWorld.MODEL, "'quantization':{'weightBits':9}")),
                arguments(
                        "generator",
                        ErrorCode.INVALID_FIELD,
                        "training.batchSize",
                        model(
                                SmallWorld.MODEL,
                                "'quantization':{'scheme':'qat'},'training':{'source':'generator','batchSize':1},"
                                        + "'evaluation':{'dataset':'" + SmallWorld.DATASET + "'}")),
                arguments(
                        "unknown-field",
                        ErrorCode.INVALID_FIELD,
                        "quantization.bits",
                        model(SmallWorld.MODEL, "'quantization':{'bits':4}")),
                arguments(
                        "unknown-dataset",
                        ErrorCode.UNKNOWN_DATASET,
                        "evaluation.dataset",
                        model(SmallWorld.MODEL, "'evaluation':{'dataset':'nothing'}")),
                arguments(
                        "classes",
                        ErrorCode.CLASSES_DO_NOT_FIT,
                        "evaluation.dataset",
                        model(SmallWorld.MODEL, "'evaluation':{'dataset':'animals'}")),
                arguments(
                        "budget",
                        ErrorCode.INVALID_FIELD,
                        "quantization.weightBudget",
                        onSmallDataset(SmallWorld.MODEL) + ",'quantization':{'weightBudget':2.02,'edgeBits':8}"),
                arguments(
                        "budget-of-its-own",
                        ErrorCode.INVALID_FIELD,
                        "quantization.weightBudget",
                        onSmallDataset(SmallWorld.MODEL) + ",'quantization':{'weightBudget':1.9}"),
                arguments("truncated", ErrorCode.CORRUPT_MODEL, "model.tensor", onSmallDataset(TRUNCATED)),
                arguments("lying", ErrorCode.CORRUPT_MODEL, "model.header length", onSmallDataset(LYING)),
                arguments("forged", ErrorCode.CORRUPT_MODEL, "model", onSmallDataset(FORGED)),
                arguments("folded", ErrorCode.NO_BATCH_NORM, "model.network", onSmallDataset(FOLDED)),
                arguments("scrambled", ErrorCode.CORRUPT_MODEL, "model", onSmallDataset(SCRAMBLED)),
                arguments("exotic", ErrorCode.INVALID_FIELD, "model.architecture", onSmallDataset(EXOTIC)));
    }

    private static String model(String name, String more) {
        return "'model':'" + name + "'," + more;
    }

    private static String onSmallDataset(String model) {
        return model(model, "'evaluation':{'dataset':'" + SmallWorld.DATASET + "'}");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badJobs")
    void shouldRefuseBadJobsAtOnce(String name, ErrorCode code, String field, String body) {
        // When
        var job = JobId.parse("bad-" + name);
        submit(job.value(), "{'jobId':'" + job + "'," + body + "}");

        // Then the state says why
        var failed = Await.state(jobs, job, Failed.class);
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.field()).startsWith(field);
        assertThat(failed.message()).contains("expected");

        // And so do an event and a letter that names its origin
        assertThat(said(JobEvent.class).await(said -> said.jobId().equals(job)).state())
                .isEqualTo(failed);
        var letter = letter(job.value());
        assertThat(letter.code()).isEqualTo(code);
        assertThat(letter.origin().topic()).isEqualTo(Topics.JOBS);
        assertThat(letter.origin().deliveries()).isEqualTo(1);
        assertThat(letter.payload()).contains("\"jobId\":\"" + job + "\"");

        // And no work was handed out
        assertThat(store.find(StoreLayout.spec(job))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"this is no JSON", "{'jobId':", "[]", ""})
    void shouldDeadLetterWhatIsNoJobAndRunTheNext(String text) {
        // When something comes that has not even an id
        var key = "garbage-" + Math.abs(text.hashCode()) + "!";
        submit(key, text);

        // Then
        var letter = letter(key);
        assertThat(letter.code()).isIn(ErrorCode.MALFORMED_MESSAGE, ErrorCode.INVALID_FIELD);
        assertThat(letter.payload()).isEqualTo(text.replace('\'', '"'));

        // And the next job runs
        var next = SmallWorld.job("after-garbage-" + Math.abs(text.hashCode()));
        publisher.publish(new JobSubmitted(next));
        Await.state(jobs, next.jobId(), Synthesizing.class);
    }

    @Test
    void shouldSayWhyOnRecordEvenIfTheMessageHasNoKey() {
        // When
        submit(null, "{'jobId':'keyless','model':'nobody'}");

        // Then
        assertThat(Await.state(jobs, JobId.parse("keyless"), Failed.class).code())
                .isEqualTo(ErrorCode.UNKNOWN_MODEL);
    }

    @Test
    void shouldHandOutOneTaskPerBatch() {
        // When
        var spec = SmallWorld.job("planned");
        publisher.publish(new JobSubmitted(spec));

        // Then
        var state = Await.state(jobs, spec.jobId(), Synthesizing.class);
        assertThat(state.total()).isEqualTo(2);
        assertThat(jobs.spec(spec.jobId())).isEqualTo(spec);
        assertThat(said(SynthesisTask.class).await(2, said -> said.jobId().equals(spec.jobId())))
                .extracting(SynthesisTask::batchIndex)
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void shouldLetABudgetInThatCanJustBeMet() {
        // Given a network that has 1,072 of its 270,896 weights in the first and the last layer
        var quantization = "\"weightBudget\": 2.03, \"edgeBits\": 8";

        // When
        publisher.publish(new JobSubmitted(SmallWorld.job("just-enough", quantization)));

        // Then
        Await.state(jobs, JobId.parse("just-enough"), Synthesizing.class);
    }

    @Test
    void shouldTakeTheSameJobAgainWithoutHarm() {
        // Given
        var spec = SmallWorld.job("again");
        publisher.publish(new JobSubmitted(spec));
        Await.state(jobs, spec.jobId(), Synthesizing.class);

        // When it comes again, and another after it
        publisher.publish(new JobSubmitted(spec));
        runAnother("after-again");

        // Then nothing was handed out twice and nobody complained
        assertThat(said(SynthesisTask.class).all(said -> said.jobId().equals(spec.jobId())))
                .hasSize(2);
        assertThat(said(DeadLetter.class)
                        .all(said -> "again".equals(said.origin().key())))
                .isEmpty();
    }

    @Test
    void shouldLetTheFirstJobGoOnWhenItsIdComesWithAnotherBody() {
        // Given
        var first = SmallWorld.job("contested");
        publisher.publish(new JobSubmitted(first));
        var before = Await.state(jobs, first.jobId(), Synthesizing.class);

        // When
        submit("contested", "{'jobId':'contested'," + onSmallDataset(SmallWorld.MODEL) + ",'seed':7}");
        submit("contested", "{'jobId':'contested'," + onSmallDataset(SmallWorld.MODEL) + ",'seed':-7}");

        // Then
        assertThat(said(DeadLetter.class)
                        .await(2, said -> "contested".equals(said.origin().key())))
                .extracting(DeadLetter::code)
                .containsExactlyInAnyOrder(ErrorCode.DUPLICATE_JOB, ErrorCode.INVALID_FIELD);
        assertThat(jobs.find(first.jobId()).orElseThrow().state()).isEqualTo(before);
        assertThat(jobs.spec(first.jobId())).isEqualTo(first);
    }

    @Test
    void shouldNotReviveARefusedId() {
        // Given
        var refused = JobId.parse("once-refused");
        submit(refused.value(), "{'jobId':'" + refused + "','model':'nobody'}");
        Await.state(jobs, refused, Failed.class);

        // When
        publisher.publish(new JobSubmitted(SmallWorld.job(refused.value())));

        // Then
        said(DeadLetter.class)
                .await(said -> said.code() == ErrorCode.DUPLICATE_JOB
                        && refused.value().equals(said.origin().key()));
        assertThat(jobs.find(refused).orElseThrow().state()).isInstanceOf(Failed.class);
    }

    @Test
    void shouldPlanARefusedJobThatPeopleOpenedAgain() {
        // Given a job that was refused for the lack of its network
        var job = JobId.parse("reopened");
        var request = "{'jobId':'reopened'," + onSmallDataset("late-model")
                + ",'synthesis':{'images':4,'batchSize':4,'iterations':1,'probeImages':8}}";
        submit(job.value(), request);
        Await.state(jobs, job, Failed.class);

        // When it is opened again too early, and then once more when the network is there
        jobs.reopen(job);
        submit(job.value(), request);
        Await.state(jobs, job, Failed.class);
        SmallWorld.putModel(store, "late-model", SmallWorld.weights());
        jobs.reopen(job);
        submit(job.value(), request);

        // Then
        Await.state(jobs, job, Synthesizing.class);
        assertThat(jobs.spec(job).model()).isEqualTo("late-model");
    }

    @Test
    void shouldHealAPlannerThatDiedHalfWay() {
        // Given one that put the job on record and sent one task of two
        var spec = accepted("half-planned");
        publisher.publish(new SynthesisTask(spec.jobId(), 0));

        // When its message comes again
        publisher.publish(new JobSubmitted(spec));

        // Then
        Await.state(jobs, spec.jobId(), Synthesizing.class);
        assertThat(said(BatchReady.class).await(3, said -> said.jobId().equals(spec.jobId())))
                .extracting(BatchReady::batchIndex)
                .containsExactlyInAnyOrder(0, 0, 1);
    }

    @Test
    void shouldFailOnlyTheJobWhosePlanningIsGivenUp() {
        // Given a job that is being planned, one that is further, and one of which only the message is known
        var planning = accepted("given-up");
        var further = accepted("further");
        jobs.update(further.jobId(), state -> ((Submitted) state).synthesizing(2));
        var unheard = JobId.parse("unheard");
        var planner = CDI.current().select(Planner.class).get();

        // When a message about each was delivered too often
        var exhausted = new DsgException(ErrorCode.DELIVERIES_EXHAUSTED, "enough");
        planner.rejected(planning.jobId(), exhausted);
        planner.rejected(further.jobId(), exhausted);
        planner.rejected(unheard, exhausted);

        // Then
        var failed = new Failed(ErrorCode.DELIVERIES_EXHAUSTED, null, "enough");
        assertThat(jobs.find(planning.jobId()).orElseThrow().state()).isEqualTo(failed);
        assertThat(jobs.find(further.jobId()).orElseThrow().state()).isInstanceOf(Synthesizing.class);
        assertThat(jobs.find(unheard).orElseThrow().state()).isEqualTo(failed);
    }

    @Test
    void shouldCallAJobOff() {
        // Given
        var spec = SmallWorld.job("called-off");
        publisher.publish(new JobSubmitted(spec));
        Await.state(jobs, spec.jobId(), Synthesizing.class);

        // When
        publisher.publish(new JobCancelled(spec.jobId(), "changed my mind"));

        // Then
        assertThat(Await.state(jobs, spec.jobId(), Cancelled.class)).isEqualTo(new Cancelled("changed my mind"));
    }

    @Test
    void shouldNotInventAJobToCallOff() {
        // When
        publisher.publish(new JobCancelled(JobId.parse("never-was"), "why not"));

        // Then
        assertThat(letter("never-was").code()).isEqualTo(ErrorCode.UNKNOWN_JOB);
        assertThat(jobs.find(JobId.parse("never-was"))).isEmpty();
    }

    private void runAnother(String id) {
        publisher.publish(new JobSubmitted(SmallWorld.job(id)));
        Await.state(jobs, JobId.parse(id), Synthesizing.class);
    }

    private void submit(String key, String json) {
        var incoming =
                new ProducerRecord<>(Topics.JOBS, key, json.replace('\'', '"').getBytes(UTF_8));
        incoming.headers()
                .add(CloudEvents.TYPE, MessageType.JOB_SUBMITTED.ceType().getBytes(UTF_8));
        sender.send(incoming).toCompletableFuture().join();
    }
}
