package dev.dsg.standalone.command;

import dev.dsg.contracts.job.JobId;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.standalone.job.Jobs;
import dev.dsg.standalone.system.Connection;
import dev.dsg.standalone.system.StandaloneSystem;
import dev.dsg.standalone.system.StandaloneSystem.Stay;
import dev.dsg.standalone.terminal.Terminal;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A system that a command started, and stops at its end, however the command ends: at its last line, by an exception, or
 * by a signal.
 */
final class StartedSystem implements AutoCloseable {

    private final StandaloneSystem system;
    private final Terminal terminal;
    private final Thread atExit = new Thread(this::interrupted, "stop-system");
    private Jobs jobs;
    private JobId job;
    private boolean ours = true;

    StartedSystem(StandaloneSystem system, Terminal terminal) {
        this.system = system;
        this.terminal = terminal;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Starts the system or finds it running, and returns when every service is ready.
     *
     * @param stocking fills the store meanwhile
     */
    void start(Stay stay, SystemOptions options, Consumer<ObjectStore> stocking) {
        var begin = System.nanoTime();
        var started = system.start(stay, options.workers(), options.ports());
        synchronized (this) {
            ours = started;
        }
        try (var connection = new Connection(system.access())) {
            stocking.accept(connection.store());
        }
        system.awaitServices();
        if (started) {
            var seconds = (System.nanoTime() - begin) / 1e9;
            terminal.say(String.format(Locale.ROOT, "the system is up after %.1f s", seconds));
        } else if (system.workers() != options.workers()) {
            terminal.say("the system runs already, with " + system.workers() + " generators");
        }
    }

    /** A job runs that is to be called off if the command is interrupted. */
    synchronized void running(Jobs all, JobId one) {
        jobs = all;
        job = one;
    }

    /** No job runs. */
    synchronized void idle() {
        job = null;
    }

    /** The system is to stay when the command ends. */
    synchronized void keep() {
        ours = false;
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The hook runs already, and finds nothing left to do.
        }
    }

    private void interrupted() {
        synchronized (this) {
            if (job != null) {
                cancel();
            }
        }
        stop();
    }

    private void cancel() {
        try {
            jobs.cancel(job, "dsg run was interrupted");
        } catch (RuntimeException e) {
            // The system may be going down already; then the job stays as it is.
            terminal.say("job " + job + " could not be cancelled: " + e.getMessage());
        }
    }

    private synchronized void stop() {
        if (ours) {
            ours = false;
            system.stopOwn();
        }
    }
}
