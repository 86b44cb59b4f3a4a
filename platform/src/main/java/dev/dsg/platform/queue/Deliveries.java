package dev.dsg.platform.queue;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How often a record was delivered. */
final class Deliveries {

    private Deliveries() {}

    static int of(ConsumerRecord<?, ?> incoming) {
        return incoming.deliveryCount().map(Short::intValue).orElse(1);
    }
}
