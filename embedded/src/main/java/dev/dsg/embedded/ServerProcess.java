package dev.dsg.embedded;

import java.nio.file.Path;

/** What the main classes share: their arguments, one READY line, a clean stop on SIGTERM. */
final class ServerProcess {

    private ServerProcess() {}

    /** The address at which only this machine can reach a server. */
    static final String LOOPBACK = "127.0.0.1";

    private static final String EVERY_ADDRESS = "0.0.0.0";

    /**
     * Where a server keeps its data and where it listens.
     *
     * @param port 0 = any free one
     * @param host the name by which others find it; the loopback address when it is not said
     */
    record Arguments(Path directory, int port, String host) {

        static Arguments parse(String... args) {
            if (args.length < 2 || args.length > 3 || !args[1].matches("\\d{1,5}")) {
                throw new IllegalArgumentException(
                        "expected: DIRECTORY PORT (0 for a free port) and, to serve other machines, HOST");
            }
            return new Arguments(Path.of(args[0]), Integer.parseInt(args[1]), args.length == 3 ? args[2] : LOOPBACK);
        }
    }

    /** Where a server listens that is found by this name: for the loopback address there, for any other name everywhere. */
    static String listening(String host) {
        return host.equals(LOOPBACK) ? LOOPBACK : EVERY_ADDRESS;
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
