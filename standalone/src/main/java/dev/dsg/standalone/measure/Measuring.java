package dev.dsg.standalone.measure;

import com.sun.management.OperatingSystemMXBean;
import dev.dsg.standalone.Cli;
import dev.dsg.standalone.process.TensorProcess;
import dev.dsg.standalone.system.Home;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How every measurement is run, and what it says beside its figures. */
public final class Measuring {

    @Option(names = "--threads", paramLabel = "N", description = "of each tensor operation (default: one per core)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--home", paramLabel = "DIR", description = "where everything is kept (default: as for run)")
    private Path home;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    Home home() {
        return home == null ? Home.of(System.getenv()) : new Home(home);
    }

    static Path root() {
        return Path.of(System.getProperty("dsg.root", ".")).toAbsolutePath();
    }

    /** Does the work in a process whose environment suits tensors, which may be this one. */
    int inTensorProcess(Runnable work) throws IOException, InterruptedException {
        if (!TensorProcess.here()) {
            List<String> arguments =
                    command.root().commandLine().getParseResult().originalArgs();
            return TensorProcess.run(Cli.class, arguments, home().nativeLibraries(), threads);
        }
        work.run();
        return 0;
    }

    /** Cores, threads of tensor operations and the load average of the last minute. */
    static String machine() {
        return machine("OMP_NUM_THREADS " + System.getenv().getOrDefault("OMP_NUM_THREADS", "unset"));
    }

    /**
     * Cores and the load average of the last minute.
     *
     * @param used how many of the cores
     */
    public static String machine(String used) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return String.format(
                Locale.ROOT,
                "%d cores, %s, load average %.2f",
                system.getAvailableProcessors(),
                used,
                system.getSystemLoadAverage());
    }
}
