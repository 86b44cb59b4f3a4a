package dev.dsg.embedded;

/**
 * Runs a {@link KafkaBroker} as a process: {@code BrokerMain DIRECTORY PORT [HOST]}.
 *
 * <p>Prints {@code READY <port>} when it serves, stops in order on SIGTERM and keeps its data.
 */
public final class BrokerMain {

    private BrokerMain() {}

    /**
     * Starts the broker and leaves it running.
     *
     * @param args the data directory, the port (0 = any free one) and, if other machines are to reach it, its host name
     */
    public static void main(String[] args) {
        var arguments = ServerProcess.Arguments.parse(args);
        var broker = KafkaBroker.start(arguments.directory(), arguments.port(), arguments.host());
        ServerProcess.serve(broker, broker.port());
    }
}
