package dev.dsg.standalone;

import dev.dsg.standalone.command.Dsg;

/** The main class: {@code dsg COMMAND [OPTIONS]}. */
public final class Cli {

    private Cli() {}

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param args see {@code dsg --help}
     */
    public static void main(String[] args) {
        // The libraries' loggers write to the terminal here; what is no failure of the command is of no interest.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        System.setProperty("java.awt.headless", "true");
        System.exit(Dsg.commandLine().execute(args));
    }
}
