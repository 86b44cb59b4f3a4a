package dev.dsg.standalone.process;

import java.io.IOException;

/** A tool that is run to its end, and never outlives this process. */
public final class Child {

    private Child() {}

    /**
     * Runs a program and returns its exit code. When this process is told to end meanwhile, so is the program.
     *
     * @throws IOException when it cannot be started
     */
    public static int run(ProcessBuilder program) throws IOException, InterruptedException {
        var process = program.start();
        var end = new Thread(() -> end(process), "end-child");
        try {
            Runtime.getRuntime().addShutdownHook(end);
        } catch (IllegalStateException e) {
            // This process is ending already.
            end(process);
            throw new InterruptedException();
        }
        try {
            return process.waitFor();
        } finally {
            end(process);
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
