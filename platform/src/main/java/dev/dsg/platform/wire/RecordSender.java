package dev.dsg.platform.wire;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The way to the broker. */
public interface RecordSender {

    /**
     * Sends a record; completes when all in-sync replicas have it, exceptionally when it is given up. Records with one key
     * arrive in the order of the calls.
     */
    CompletionStage<Void> send(ProducerRecord<String, byte[]> outgoing);
}
