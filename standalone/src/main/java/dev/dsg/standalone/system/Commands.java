package dev.dsg.standalone.system;

import dev.dsg.embedded.BrokerMain;
import dev.dsg.embedded.S3Main;
import dev.dsg.standalone.SystemProblem;
import dev.dsg.standalone.process.Jvm;
import dev.dsg.standalone.process.SearchPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How each process of the system is started. Heaps are bounded: the tensors lie outside of them.
 *
 * @param home what the processes keep
 * @param root the project's folder, in which the services are built
 */
record Commands(Home home, Path root) {

    /**
     * The second compiler takes a third of the time of a start and of a first job, and a later job is no faster for it: the
     * work is done by native code.
     */
    private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

    /** In the command line of every process of a home, so that none is ever lost from sight. */
    static String tag(Home home) {
        return "-Ddsg.home=" + home.folder();
    }

    /** The broker; port 0 is any free one. */
    ProcessBuilder broker(int port) {
        var command = new Jvm("-Xmx384m", FIRST_COMPILER).main(BrokerMain.class.getName(), home.broker(), port);
        return process(command, Map.of("CLASSPATH", Jvm.classPath()));
    }

    /** The S3 server; port 0 is any free one. */
    ProcessBuilder store(int port, Access access) {
        var environment = new TreeMap<>(credentials(access));
        environment.put("CLASSPATH", Jvm.classPath());
        var command = new Jvm("-Xmx512m", FIRST_COMPILER).main(S3Main.class.getName(), home.store(), port);
        return process(command, environment);
    }

    /**
     * A service.
     *
     * @param threads of its tensor operations
     */
    ProcessBuilder service(Role role, int port, Access access, int threads) {
        var environment = new TreeMap<>(credentials(access));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", access.bootstrapServers());
        environment.put("DSG_STORE_ENDPOINT", access.endpoint().toString());
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        // Here people read the logs, not machines.
        environment.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "false");
        environment.putAll(Jvm.tensorEnvironment(home.nativeLibraries(), threads));
        return process(
                new Jvm("-Xmx" + heap(role), "-XX:MaxDirectMemorySize=256m", FIRST_COMPILER).jar(application(role)),
                environment);
    }

    private static String heap(Role role) {
        return role == Role.GATEWAY ? "96m" : "512m";
    }

    /**
     * Checks that there is something to start.
     *
     * @throws SystemProblem when there is not
     */
    void requireBuilt() {
        for (var role : Role.values()) {
            if (role.service() && !Files.exists(application(role))) {
                throw new SystemProblem(application(role) + " is missing; ./dsg builds it");
            }
        }
        if (SearchPath.find("setsid").isEmpty()) {
            throw new SystemProblem("setsid is not on the PATH; it is part of util-linux");
        }
    }

    private Path application(Role role) {
        return root.resolve(role.text() + "-service/target/quarkus-app/quarkus-run.jar");
    }

    private static Map<String, String> credentials(Access access) {
        return Map.of(
                "DSG_STORE_ACCESS_KEY", access.accessKey(),
                "DSG_STORE_SECRET_KEY", access.secretKey(),
                "DSG_STORE_BUCKET", access.bucket());
    }

    private ProcessBuilder process(List<String> java, Map<String, String> environment) {
        // A session of its own: what the terminal sends to this command, Ctrl-C above all, does not reach the process.
        var command = new ArrayList<>(List.of("setsid"));
        command.add(java.getFirst());
        command.add(tag(home));
        command.addAll(java.subList(1, java.size()));
        var process = new ProcessBuilder(command).directory(home.folder().toFile());
        process.environment().putAll(environment);
        return process;
    }
}
