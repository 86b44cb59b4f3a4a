package dev.dsg.standalone.system;

import dev.dsg.standalone.SystemProblem;
import java.io.File;
import java.io.IOException;
import java.util.List;

/**
 * The processes of a system as they come and go. Each is written down as soon as it is there, so that whatever happens to
 * this process, the next one knows what is left. Once it is closed, no process comes any more.
 */
final class Roster {

    private static final File NOTHING = new File("/dev/null");

    private final Home home;
    private final Commands commands;
    private final SystemFile file;
    private SystemRecord record;
    private boolean closed;

    Roster(Home home, Commands commands, SystemFile file, SystemRecord record) {
        this.home = home;
        this.commands = commands;
        this.file = file;
        this.record = record;
    }

    synchronized SystemRecord record() {
        return record;
    }

    /** Starts a process. */
    synchronized void launch(String name, Role role, int port) {
        if (closed) {
            throw new SystemProblem("told to stop before " + name + " was started");
        }
        var log = log(name);
        log.begin();
        var command = command(role, port)
                .redirectErrorStream(true)
                .redirectInput(NOTHING)
                .redirectOutput(log.path().toFile());
        try {
            var process = command.start();
            record = record.with(new Member(name, role, ProcessId.of(process.toHandle()), port));
            file.write(record);
        } catch (IOException e) {
            throw new SystemProblem("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    /** Writes down where the two servers listen, now that they do. */
    void serversListen() throws InterruptedException {
        var broker = readiness(record().member("broker")).awaitLine();
        var store = readiness(record().member("store")).awaitLine();
        synchronized (this) {
            record = record.with(at(record.member("broker"), broker))
                    .with(at(record.member("store"), store))
                    .with(record.access().at(broker, store));
            file.write(record);
        }
    }

    /** Waits until every service is ready. */
    void servicesServe() throws InterruptedException {
        for (var service : record().services()) {
            readiness(service).awaitHealth();
        }
    }

    /** Starts every process again that died, where it was, and returns their names. */
    synchronized List<String> revive() {
        var dead = record.dead();
        dead.forEach(member -> launch(member.name(), member.role(), member.port()));
        return dead.stream().map(Member::name).toList();
    }

    /** No process is started after this. */
    synchronized void close() {
        closed = true;
    }

    private synchronized boolean closed() {
        return closed;
    }

    private ProcessBuilder command(Role role, int port) {
        var cores = Runtime.getRuntime().availableProcessors();
        return switch (role) {
            case BROKER -> commands.broker(port);
            case STORE -> commands.store(port, record.access());
            // Generators work side by side; the other two work when the generators are done.
            case GENERATOR -> commands.service(role, port, record.access(), Math.max(1, cores / record.workers()));
            case QUANTIZER, EVALUATOR -> commands.service(role, port, record.access(), cores);
            case GATEWAY -> commands.service(role, port, record.access(), 1);
        };
    }

    private Readiness readiness(Member member) {
        return new Readiness(member, log(member.name()), this::closed);
    }

    private Log log(String name) {
        return new Log(home.logs().resolve(name + ".log"));
    }

    private static Member at(Member member, int port) {
        return new Member(member.name(), member.role(), member.process(), port);
    }
}
