package dev.dsg.standalone.command;

import dev.dsg.standalone.SystemProblem;
import dev.dsg.standalone.system.StandaloneSystem.Stay;
import dev.dsg.standalone.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts the system and leaves it running. */
@Command(
        name = "up",
        description = "Starts the system and leaves it running; starts again what has died of one that runs.")
final class UpCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption;

    @Mixin
    private SystemOptions systemOptions;

    @Override
    public Integer call() {
        systemOptions.check();
        var system = homeOption.system();
        var terminal = Terminal.standard();
        try (var started = new StartedSystem(system, terminal)) {
            started.start(
                    Stay.UNTIL_STOPPED,
                    systemOptions,
                    store -> stock(new Stock(store, homeOption.home(), terminal), terminal));
            started.keep();
        }
        system.describe().forEach(System.out::println);
        return ExitCode.OK;
    }

    private void stock(Stock stock, Terminal terminal) {
        stock.networks(systemOptions.networks());
        try {
            stock.cifar10();
        } catch (SystemProblem e) {
            // Jobs on other data can run all the same.
            terminal.say(e.getMessage());
        }
    }
}
