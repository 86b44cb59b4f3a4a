package dev.dsg.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.Topics;
import dev.dsg.platform.queue.TopicAdmin;
import dev.dsg.platform.wire.KafkaAccess;
import dev.dsg.platform.wire.KafkaRecordSender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that knows its users by their certificates. */
@Timeout(60)
final class MutualTlsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofSeconds(3);

    @TempDir
    private Path folder;

    @Test
    void shouldLetInWhoHasACertificateAndNobodyElse() throws IOException {
        try (var broker = SecuredBroker.mutualTls(folder)) {
            // Given
            try (var topics = new TopicAdmin(broker.administrator())) {
                topics.create();
            }
            broker.allow(Rights.read());

            // When the evaluator comes with its own
            var evaluator = broker.with(broker.certificates().keys("evaluator"));

            // Then it has the rights of that name
            assertThat(sent(evaluator, Topics.REPORTS, PATIENCE)).succeedsWithin(PATIENCE);
            assertThat(sent(evaluator, Topics.BATCHES, PATIENCE))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(TopicAuthorizationException.class);

            // And whoever has none, or one that somebody else signed, or speaks no TLS, does not come in
            var stranger = new Certificates(folder.resolve("elsewhere")).keys("evaluator");
            for (var other : new KafkaAccess[] {broker.nobody(), broker.with(stranger), broker.inTheClear()}) {
                assertThat(sent(other, Topics.REPORTS, SHORT))
                        .failsWithin(PATIENCE)
                        .withThrowableThat()
                        .withCauseInstanceOf(KafkaException.class);
            }
        }
    }

    private static CompletableFuture<Void> sent(KafkaAccess access, String topic, Duration deadline) {
        try (var sender = new KafkaRecordSender(access, deadline)) {
            return sender.send(new ProducerRecord<>(topic, "j", new byte[0])).toCompletableFuture();
        }
    }
}
