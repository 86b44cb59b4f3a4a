package dev.dsg.gateway.backlog;

import dev.dsg.contracts.error.Require;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a queue holds that nobody has done yet.
 *
 * @param depth messages that were not delivered, and those that a worker has at hand
 * @param oldest when the oldest of them was sent
 */
record Backlog(long depth, Optional<Instant> oldest) {

    static final Backlog NONE = new Backlog(0, Optional.empty());

    Backlog {
        Require.atLeast("depth", depth, 0);
    }

    /** How long the oldest message has waited; zero where there is none, or where clocks disagree. */
    Duration age(Instant now) {
        return oldest.map(sent -> Duration.between(sent, now))
                .filter(age -> !age.isNegative())
                .orElse(Duration.ZERO);
    }
}
