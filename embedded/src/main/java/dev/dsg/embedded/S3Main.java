package dev.dsg.embedded;

import java.util.Optional;

/**
 * Runs an {@link S3Server} as a process: {@code S3Main DIRECTORY PORT [HOST]}.
 *
 * <p>Credentials and bucket come from the environment, where other users of the machine cannot read them:
 * {@code DSG_STORE_ACCESS_KEY}, {@code DSG_STORE_SECRET_KEY}, {@code DSG_STORE_BUCKET}. Prints {@code READY <port>} when it
 * serves, stops in order on SIGTERM and keeps its data.
 */
public final class S3Main {

    private S3Main() {}

    /**
     * Starts the server and leaves it running.
     *
     * @param args the data directory, the port (0 = any free one) and, if other machines are to reach it, its host name
     */
    public static void main(String[] args) {
        var arguments = ServerProcess.Arguments.parse(args);
        var server = S3Server.start(
                arguments.directory(),
                arguments.port(),
                arguments.host(),
                required("DSG_STORE_ACCESS_KEY"),
                required("DSG_STORE_SECRET_KEY"),
                required("DSG_STORE_BUCKET"));
        ServerProcess.serve(server, server.port());
    }

    private static String required(String name) {
        return Optional.ofNullable(System.getenv(name))
                .orElseThrow(() -> new IllegalArgumentException("expected in the environment: " + name));
    }
}
