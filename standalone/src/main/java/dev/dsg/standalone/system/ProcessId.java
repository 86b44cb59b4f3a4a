package dev.dsg.standalone.system;

import dev.dsg.standalone.process.Liveness;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One process, told apart from a later one that was given the same number.
 *
 * @param pid its number
 * @param started when it started, as the operating system says
 */
record ProcessId(long pid, Instant started) {

    /** The start is reckoned from the clock, which may have been set right since. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    static ProcessId of(ProcessHandle handle) {
        return new ProcessId(handle.pid(), handle.info().startInstant().orElseGet(Instant::now));
    }

    /** The process, if it still runs. */
    Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid).filter(Liveness::runs).filter(this::startedThen);
    }

    /** Whether it still runs. */
    boolean alive() {
        return find().isPresent();
    }

    private boolean startedThen(ProcessHandle handle) {
        return handle.info()
                .startInstant()
                .map(start -> Duration.between(start, started).abs().compareTo(TOLERANCE) < 0)
                .orElse(false);
    }
}
