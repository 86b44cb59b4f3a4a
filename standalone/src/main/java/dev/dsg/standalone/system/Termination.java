package dev.dsg.standalone.system;

import dev.dsg.standalone.process.Liveness;
import java.time.Duration;
import java.util.Collection;

/**
 * Ends processes: asks first, and does not ask twice.
 *
 * @param grace how long they have to end in order
 */
record Termination(Duration grace) {

    private static final Duration AFTER_KILL = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(20);

    /** Ends them and returns when none is left. What was begun here is finished, also when the thread is interrupted. */
    void end(Collection<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroy);
        var interrupted = !awaitEnd(processes, grace);
        processes.stream().filter(Liveness::runs).forEach(ProcessHandle::destroyForcibly);
        interrupted |= !awaitEnd(processes, AFTER_KILL);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until all have ended, but not for ever; {@code false} if it was interrupted. */
    private static boolean awaitEnd(Collection<ProcessHandle> processes, Duration atMost) {
        var deadline = System.nanoTime() + atMost.toNanos();
        while (processes.stream().anyMatch(Liveness::runs) && System.nanoTime() < deadline) {
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                return false;
            }
        }
        return true;
    }
}
