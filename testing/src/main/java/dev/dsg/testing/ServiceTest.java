package dev.dsg.testing;

import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.Message;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.RecordSender;
import jakarta.enterprise.inject.spi.CDI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A test of a running service: what the service is made of, and what it says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ServiceTest {

    private final Map<Class<?>, Said<?>> listening = new LinkedHashMap<>();

    /** The store of the service. */
    protected ObjectStore store;

    /** The jobs on record. */
    protected JobRepository jobs;

    /** The way to say something to the service. */
    protected EventPublisher publisher;

    /** The way to say nonsense to it. */
    protected RecordSender sender;

    @BeforeAll
    void takeHold() {
        var beans = CDI.current();
        store = beans.select(ObjectStore.class).get();
        jobs = beans.select(JobRepository.class).get();
        publisher = beans.select(EventPublisher.class).get();
        sender = beans.select(RecordSender.class).get();
        SmallWorld.create(store);
    }

    @AfterAll
    void stopListening() {
        listening.values().forEach(Said::close);
    }

    /** All messages of a kind. */
    @SuppressWarnings("unchecked")
    protected <M extends Message> Said<M> said(Class<M> kind) {
        return (Said<M>) listening.computeIfAbsent(kind, _ -> Said.of(kind));
    }

    /** Waits for the dead letter of the message that had a key. */
    protected DeadLetter letter(String key) {
        return said(DeadLetter.class).await(letter -> key.equals(letter.origin().key()));
    }

    /** Puts a job on record as the planner does, but hands nothing out. */
    protected JobSpec accepted(String id) {
        return accepted(SmallWorld.job(id));
    }

    /** Puts a job on record as the planner does, but hands nothing out. */
    protected JobSpec accepted(JobSpec spec) {
        SmallWorld.keepCard(store, spec);
        jobs.submit(spec);
        return spec;
    }

    /** Looks at the pages for machines: probes, and metrics of a queue. */
    protected static void shouldServePages(String queue) {
        get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
        get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
        get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("dsg_tasks_started_total{queue=\"" + queue + "\"}"));
    }
}
