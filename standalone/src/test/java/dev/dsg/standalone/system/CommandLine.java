package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.standalone.Cli;
import dev.dsg.standalone.process.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The command line as a process, on a system that runs already.
 *
 * @param folder where its output goes
 * @param environment that it has besides that of the tests
 */
record CommandLine(TestSystem world, Path folder, Map<String, String> environment) {

    /** Runs a command to its end, and returns with which status it ended. */
    int finish(String line) throws Exception {
        var process = start(line);
        assertThat(process.waitFor(TestSystem.PATIENCE)).isTrue();
        return process.exitValue();
    }

    /** Starts a command. */
    Process start(String line) throws IOException {
        var arguments = new ArrayList<Object>(Arrays.asList(line.split(" ")));
        arguments.addAll(List.of("--home", world.home().folder()));
        var builder = new ProcessBuilder(
                new Jvm("-Ddsg.root=" + TestSystem.ROOT).main(Cli.class.getName(), arguments.toArray()));
        builder.environment().put("CLASSPATH", Jvm.classPath());
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true).redirectOutput(file().toFile()).start();
    }

    /** What the last command said. */
    String output() throws IOException {
        return Files.readString(file());
    }

    private Path file() {
        return folder.resolve("output.txt");
    }
}
