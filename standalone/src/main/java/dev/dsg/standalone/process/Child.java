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
     * @throws InterruptedException also when this process is told to end meanwhile
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
            var exit = started.join().waitFor();
            if (!forget(end)) {
                // The program was ended together with this process; its exit code says nothing.
                throw new InterruptedException("this process is ending");
            }
            return exit;
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

    /** {@code false} when it is too late, because this process is ending. */
    private static boolean forget(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
