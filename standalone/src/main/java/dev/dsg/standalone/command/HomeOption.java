package dev.dsg.standalone.command;

import dev.dsg.standalone.SystemProblem;
import dev.dsg.standalone.system.Access;
import dev.dsg.standalone.system.Connection;
import dev.dsg.standalone.system.Home;
import dev.dsg.standalone.system.OpenStore;
import dev.dsg.standalone.system.StandaloneSystem;
import dev.dsg.standalone.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where everything is kept. */
final class HomeOption {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "where everything is kept (default: $DSG_HOME, or else dsg in your cache folder)")
    private Path folder;

    Home home() {
        return Optional.ofNullable(folder).map(Home::new).orElseGet(() -> Home.of(System.getenv()));
    }

    /** The system that the environment names, or else the one of this home. */
    StandaloneSystem system() {
        return new StandaloneSystem(home(), root(), Access.named(System.getenv()));
    }

    /** The system of this home, whatever the environment names. */
    StandaloneSystem own() {
        return new StandaloneSystem(home(), root());
    }

    /**
     * A line to the system that runs here.
     *
     * @throws SystemProblem when none does
     */
    Connection connect() {
        Access access = system().find()
                .orElseThrow(() -> new SystemProblem("no system runs in " + home().folder() + "; `dsg up` starts one"));
        return new Connection(access);
    }

    /** The store of this home, whether or not a system runs; the networks that come with the project are in it. */
    OpenStore openStore() {
        var open = system().openStore();
        new Stock(open.store(), home(), Terminal.plain(System.err)).networks(List.of(root().resolve("models")));
        return open;
    }

    /** The project's folder. */
    static Path root() {
        var root = System.getProperty("dsg.root");
        if (root == null) {
            throw new SystemProblem("the system property dsg.root does not say where the project lies; start ./dsg");
        }
        return Path.of(root);
    }
}
