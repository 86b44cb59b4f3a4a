package dev.dsg.standalone.command;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops the system. */
@Command(name = "down", description = "Stops the system, and whatever an earlier command left behind.")
final class DownCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption;

    @Override
    public Integer call() {
        var begin = System.nanoTime();
        var system = homeOption.own();
        if (system.find().isPresent()) {
            System.out.println("stopping; what is being worked on has ten seconds to come to an end");
        }
        var processes = system.stop();
        var seconds = (System.nanoTime() - begin) / 1e9;
        System.out.println(
                processes == 0
                        ? "nothing was running"
                        : String.format(Locale.ROOT, "stopped %d processes in %.1f s", processes, seconds));
        return ExitCode.OK;
    }
}
