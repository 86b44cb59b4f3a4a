package dev.dsg.standalone.command;

import dev.dsg.standalone.SystemProblem;
import dev.dsg.standalone.system.Home;
import dev.dsg.standalone.system.StandaloneSystem;
import dev.dsg.standalone.terminal.Terminal;

/** Starts processes of a system again that died, as long as they are few. */
final class Mending implements Runnable {

    private static final int MAX_REVIVALS = 5;

    private final StandaloneSystem system;
    private final Home home;
    private final Terminal terminal;
    private int revivals;

    Mending(StandaloneSystem system, Home home, Terminal terminal) {
        this.system = system;
        this.home = home;
        this.terminal = terminal;
    }

    /**
     * Looks after all processes once.
     *
     * @throws SystemProblem when they keep dying
     */
    @Override
    public void run() {
        var revived = system.revive();
        if (!revived.isEmpty()) {
            revivals += revived.size();
            terminal.say("started again, for it had died: " + String.join(", ", revived));
        }
        if (revivals > MAX_REVIVALS) {
            throw new SystemProblem("processes keep dying; their logs are in " + home.logs());
        }
    }
}
