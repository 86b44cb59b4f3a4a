package dev.dsg.standalone.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stands in the help; the launcher runs it, because it must not depend on what it builds. */
@Command(name = "test", description = "Builds everything and runs every test; arguments go to Maven.")
final class TestCommand implements Callable<Integer> {

    @Parameters(hidden = true)
    private String[] ignored;

    @Override
    public Integer call() {
        System.err.println("dsg: the tests are run by the launcher: ./dsg test");
        return ExitCode.USAGE;
    }
}
