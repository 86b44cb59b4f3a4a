package dev.dsg.platform.queue;

import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.KafkaAccess;
import dev.dsg.platform.wire.KafkaRecordSender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;

/** A worker to kill: takes one synthesis task, says so, and never finishes it. */
final class WorkerProcess {

    private WorkerProcess() {}

    public static void main(String[] args) throws InterruptedException {
        var servers = args[0];
        var publisher = new EventPublisher(
                new KafkaRecordSender(KafkaAccess.of(servers), Duration.ofSeconds(10)),
                "/dsg/test",
                InstantSource.system(),
                Duration.ofSeconds(10));
        ShareWorker.start(
                Queue.SYNTHESIS,
                task -> {
                    System.out.println("TAKEN " + task.message().jobId());
                    Thread.sleep(Duration.ofHours(1));
                },
                WorkerSettings.of(servers),
                publisher,
                new SimpleMeterRegistry());
        Thread.sleep(Duration.ofHours(1));
    }
}
