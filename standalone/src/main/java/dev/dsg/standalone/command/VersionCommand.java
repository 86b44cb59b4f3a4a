package dev.dsg.standalone.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints the version. */
@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        for (var line : new Version().getVersion()) {
            System.out.println(line);
        }
        return ExitCode.OK;
    }
}
