package dev.dsg.standalone.command;

import dev.dsg.standalone.system.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the system is started. */
final class SystemOptions {

    private static final int MAX_WORKERS = 64;
    private static final int MAX_PORT = 65_535;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description = "generator processes, which share the cores (default: ${DEFAULT-VALUE})")
    private int workers;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description = "one more folder of networks, each a folder with model.json and its file")
    private Path models;

    @Option(names = "--broker-port", paramLabel = "PORT", defaultValue = "0", description = "default: any that is free")
    private int broker;

    @Option(names = "--store-port", paramLabel = "PORT", defaultValue = "0", description = "default: any that is free")
    private int store;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "of the first service, the others follow (default: any that are free)")
    private int http;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Refuses numbers that make no sense, as the command line does before a command runs. */
    void check() {
        require("--workers", workers, 1, MAX_WORKERS);
        require("--broker-port", broker, 0, MAX_PORT);
        require("--store-port", store, 0, MAX_PORT);
        // The services listen one behind the other.
        require("--http-port", http, 0, MAX_PORT - MAX_WORKERS);
    }

    int workers() {
        return workers;
    }

    Ports ports() {
        return new Ports(broker, store, http);
    }

    private void require(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    command.commandLine(), option + " is " + value + ", expected an integer in " + min + ".." + max);
        }
    }

    /** The folders in which networks lie: those that come with the project, and one that the user names. */
    List<Path> networks() {
        var folders = new ArrayList<>(List.of(HomeOption.root().resolve("models")));
        if (models != null) {
            folders.add(models);
        }
        return folders;
    }
}
