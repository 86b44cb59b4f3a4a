package dev.dsg.standalone.process;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A tool that is run to its end, and never outlives this process. */
public final class Child {

    private Child() {}

    /**
     * Runs a program and returns its exit code. When this process is told to end meanwhile, so is the program.
     *
     * @throws IOException when it cannot be started
     */
    public static int run(ProcessBuilder program) throws IOException, InterruptedException {
        var started = new CompletableFuture<Process>();
        // Before the program starts, or a process told to end in between would leave it behind.
        var end = new Thread(() -> started.thenAccept(Child::end).join(), "end-child");
        try {
            Runtime.getRuntime().addShutdownHook(end);
        } catch (IllegalStateException e) {
            // This process is ending already.
            throw new InterruptedException();
        }
        try {
            started.complete(program.start());
            return started.join().waitFor();
        } finally {
            // Not started: there is nothing to end, and the hook need not wait for it.
            started.cancel(false);
            if (!started.isCancelled()) {
                end(started.join());
            }
            forget(end);
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook is running or about to: all is well.
        }
    }
}
