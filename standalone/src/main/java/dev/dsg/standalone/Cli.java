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
        // The libraries' loggers would write to the terminal; what concerns the user comes as an exception.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        System.setProperty("java.awt.headless", "true");
        System.exit(Dsg.commandLine().execute(args));
    }
}
