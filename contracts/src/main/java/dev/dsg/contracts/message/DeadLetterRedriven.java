package dev.dsg.contracts.message;

import dev.dsg.contracts.error.Require;
import java.time.Instant;

/**
 * A dead letter's record was put back on its topic. It travels with the letters, so whoever reads them knows.
 *
 * @param letter the {@link DeadLetter#id} of the letter
 * @param key the key of the letter's own record: both lie in one partition, in order
 * @param at when
 */
public record DeadLetterRedriven(String letter, String key, Instant at) implements Message {

    /** Refuses missing parts. */
    public DeadLetterRedriven {
        Require.text("letter", letter);
        Require.text("key", key);
        Require.present("at", at);
    }

    /** The note that a letter was redriven. */
    public static DeadLetterRedriven of(DeadLetter letter, Instant at) {
        return new DeadLetterRedriven(letter.id(), letter.recordKey(), at);
    }

    @Override
    public String eventId() {
        return "redriven/" + letter;
    }

    @Override
    public String recordKey() {
        return key;
    }
}
