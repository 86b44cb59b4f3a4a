package dev.dsg.standalone.system;

import dev.dsg.platform.queue.TopicAdmin;
import dev.dsg.standalone.SystemProblem;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The system of one home: at most one runs at a time, and any command can find it, mend it and stop it.
 */
public final class StandaloneSystem {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Home home;
    private final Commands commands;
    private final SystemFile file;
    private final Optional<Access> elsewhere;
    private volatile Roster roster;
    private volatile boolean starting;
    private boolean stopped;
    private volatile boolean begun;
    private volatile Runnable onceServed = () -> {};

    /**
     * The system of a home.
     *
     * @param root the project's folder, in which the services are built
     */
    public StandaloneSystem(Home home, Path root) {
        this(home, root, Optional.empty());
    }

    /**
     * The system of a home, or one that others started and look after: it is found, never started, mended or stopped.
     *
     * @param elsewhere how to reach that other one
     */
    public StandaloneSystem(Home home, Path root, Optional<Access> elsewhere) {
        this.elsewhere = elsewhere;
        this.home = home;
        this.commands = new Commands(home, root);
        this.file = new SystemFile(home.record());
    }

    /** How long a system is to stay. */
    public enum Stay {
        /** Until somebody stops it. */
        UNTIL_STOPPED,
        /** No longer than this process, which stops it at its end. */
        WITH_US
    }

    /** How to reach the system that runs here, if one does. */
    public Optional<Access> find() {
        return elsewhere.or(this::here);
    }

    private Optional<Access> here() {
        return file.read().filter(found -> !found.abandoned()).map(SystemRecord::access);
    }

    /**
     * Sees to it that the system runs: starts it, or mends the one that is there. When this returns, broker and store
     * serve, the topics are there and the services are starting.
     *
     * @param workers how many generators there are to be, if it is started
     * @return whether it was started; otherwise it was there already, and stays as it was meant to
     * @throws SystemProblem when a process does not start, or the system belongs to another command
     */
    public boolean start(Stay stay, int workers, Ports ports) {
        if (elsewhere.isPresent()) {
            engage(new SystemRecord(null, elsewhere.get(), workers, List.of()));
            return false;
        }
        starting = true;
        try (var _ = SystemLock.acquire(home, PATIENCE)) {
            var found = file.read();
            if (found.isPresent() && !found.get().abandoned()) {
                adopt(found.get());
                return false;
            }
            engage();
            endEverything(found);
            begin(stay, workers, ports);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SystemProblem("interrupted while the system was starting", e);
        } finally {
            starting = false;
        }
    }

    /**
     * Waits until every service is ready. Of a system that stays for one command, the gateway comes only then and is not
     * waited for: nobody who waits for a job needs it.
     *
     * @throws SystemProblem when one is not, with the end of its log
     */
    public void awaitServices() {
        try {
            roster.servicesServe();
            var late = onceServed;
            onceServed = () -> {};
            late.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SystemProblem("interrupted while the services were starting", e);
        }
    }

    /** How to reach the system that was started or found. */
    public Access access() {
        return roster.record().access();
    }

    /** How many generators it has. */
    public int workers() {
        return roster.record().workers();
    }

    /** The processes and where they listen, a line each. */
    public List<String> describe() {
        return roster.record().members().stream()
                .map(member -> String.format(
                        "%-12s 127.0.0.1:%-6d pid %d",
                        member.name(), member.port(), member.process().pid()))
                .toList();
    }

    /** The names of the processes of the system here that have died. */
    public List<String> dead() {
        return file.read().map(SystemRecord::dead).orElse(List.of()).stream()
                .map(Member::name)
                .toList();
    }

    /** Starts every process again that died, where it was, and returns their names. */
    public List<String> revive() {
        return roster.revive();
    }

    /**
     * Stops the system if this object started it, or began to; one that it found or was refused is left alone. This object
     * starts nothing any more.
     */
    public void stopOwn() {
        var ours = disengage();
        if (begun) {
            stop(ours);
        }
    }

    /**
     * Stops the system, whoever started it. This object starts nothing any more.
     *
     * @return how many processes there were
     */
    public int stop() {
        return stop(disengage());
    }

    private int stop(Optional<Roster> ours) {
        if (starting) {
            // This process holds the lock itself, in the thread that starts and will start nothing more.
            return endEverything(ours.map(Roster::record).or(file::read));
        }
        try (var _ = SystemLock.acquire(home, PATIENCE)) {
            return endEverything(file.read());
        }
    }

    /**
     * The store of this home: that of the system that runs, or else one that serves until it is closed. Meanwhile no
     * system can be started here.
     */
    public OpenStore openStore() {
        var lock = SystemLock.acquire(home, PATIENCE);
        try {
            var running = find();
            if (running.isPresent()) {
                lock.close();
                return OpenStore.of(running.get());
            }
            endEverything(file.read());
            return OpenStore.serve(home.store(), Access.create(new SecureRandom()), lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void adopt(SystemRecord found) {
        if (found.owner() != null) {
            throw new SystemProblem("the system in " + home.folder() + " belongs to another `dsg run` (pid "
                    + found.owner().pid() + "); wait for it, or give --home another folder");
        }
        engage(found);
        roster.revive();
    }

    private void begin(Stay stay, int workers, Ports ports) throws InterruptedException {
        commands.requireBuilt();
        var owner =
                switch (stay) {
                    case UNTIL_STOPPED -> null;
                    case WITH_US -> ProcessId.of(ProcessHandle.current());
                };
        var access = Access.create(new SecureRandom());
        engage(new SystemRecord(owner, access, workers, List.of()));
        roster.launch("broker", Role.BROKER, ports.broker());
        roster.launch("store", Role.STORE, ports.store());
        roster.serversListen();
        try (var topics = new TopicAdmin(access().kafka())) {
            topics.create();
        }
        var index = 0;
        for (var worker = 1; worker <= workers; worker++) {
            roster.launch(workers == 1 ? "generator" : "generator-" + worker, Role.GENERATOR, ports.service(index++));
        }
        roster.launch("quantizer", Role.QUANTIZER, ports.service(index++));
        roster.launch("evaluator", Role.EVALUATOR, ports.service(index++));
        var last = index;
        Runnable gateway = () -> roster.launch("gateway", Role.GATEWAY, ports.service(last));
        switch (stay) {
            case UNTIL_STOPPED -> gateway.run();
            case WITH_US -> onceServed = gateway;
        }
    }

    private synchronized void engage() {
        requireNotStopped();
        begun = true;
    }

    private synchronized void engage(SystemRecord members) {
        requireNotStopped();
        roster = new Roster(home, commands, file, members);
    }

    private void requireNotStopped() {
        if (stopped) {
            throw new SystemProblem("told to stop before anything was started");
        }
    }

    private synchronized Optional<Roster> disengage() {
        stopped = true;
        var ours = Optional.ofNullable(roster);
        ours.ifPresent(Roster::close);
        return ours;
    }

    /** Services first: while they end they give back to the broker what they have not finished. */
    private int endEverything(Optional<SystemRecord> found) {
        var services = new ArrayList<ProcessHandle>();
        var servers = new ArrayList<ProcessHandle>();
        found.map(SystemRecord::members).orElse(List.of()).forEach(member -> member.process()
                .find()
                .ifPresent(process -> (member.role().service() ? services : servers).add(process)));
        var strays = strays();
        strays.removeAll(services);
        strays.removeAll(servers);
        servers.addAll(strays);
        var termination = new Termination(GRACE);
        termination.end(services);
        termination.end(servers);
        file.delete();
        return services.size() + servers.size();
    }

    /** Processes of this home that nobody wrote down, because who started them was killed in that very moment. */
    private List<ProcessHandle> strays() {
        var tag = Commands.tag(home);
        return new ArrayList<>(ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> Arrays.asList(arguments).contains(tag))
                        .isPresent())
                .toList());
    }
}
