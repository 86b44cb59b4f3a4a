package dev.dsg.standalone.system;

import java.util.Locale;

/** What a process of the system is for. */
public enum Role {
    /** The Kafka broker. */
    BROKER,
    /** The S3 server. */
    STORE,
    /** Plans jobs and synthesises batches; there may be several. */
    GENERATOR,
    /** Quantizes. */
    QUANTIZER,
    /** Evaluates. */
    EVALUATOR,
    /** Tells of queues and jobs. */
    GATEWAY;

    /** Whether it is one of the services, which lean on the other two. */
    boolean service() {
        return switch (this) {
            case BROKER, STORE -> false;
            case GENERATOR, QUANTIZER, EVALUATOR, GATEWAY -> true;
        };
    }

    /** Its name for people. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
