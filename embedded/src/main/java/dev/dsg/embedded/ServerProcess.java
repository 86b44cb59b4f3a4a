package dev.dsg.embedded;

import java.nio.file.Path;

/** What the main classes share: two arguments, one READY line, a clean stop on SIGTERM. */
final class ServerProcess {

    private ServerProcess() {}

    /** Where a server keeps its data and where it listens (0 = any free port). */
    record Arguments(Path directory, int port) {

        static Arguments parse(String... args) {
            if (args.length != 2 || !args[1].matches("\\d{1,5}")) {
                throw new IllegalArgumentException("expected: DIRECTORY PORT (0 for a free port)");
            }
            return new Arguments(Path.of(args[0]), Integer.parseInt(args[1]));
        }
    }

    /** Announces a started server on standard output; it is closed when the process is told to end. */
    static void serve(AutoCloseable server, int port) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server), "stop"));
        System.out.println("READY " + port);
        System.out.flush();
    }

    private static void close(AutoCloseable server) {
        try {
            server.close();
        } catch (Exception e) {
            System.err.println("stop failed: " + e);
        }
    }
}
