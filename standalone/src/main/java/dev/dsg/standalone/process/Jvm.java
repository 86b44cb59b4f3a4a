package dev.dsg.standalone.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The command line of another Java process, on the Java that runs this one. */
public final class Jvm {

    private static final List<String> FLAGS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            // Pictures are drawn into files, whatever screens there are.
            "-Djava.awt.headless=true",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError");

    private final List<String> command;

    /**
     * A Java process.
     *
     * @param flags beside those that all have
     */
    public Jvm(String... flags) {
        command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of(flags));
    }

    /** The command that runs a main class from the class path in the environment. */
    public List<String> main(String type, Object... arguments) {
        var line = new ArrayList<>(command);
        line.add(type);
        Arrays.stream(arguments).map(Object::toString).forEach(line::add);
        return line;
    }

    /** The command that runs a jar. */
    public List<String> jar(Path file) {
        var line = new ArrayList<>(command);
        line.add("-jar");
        line.add(file.toString());
        return line;
    }

    /** The class path of this process, good in any working directory. */
    public static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * What a process that computes with tensors needs in its environment, for the native library reads it but once.
     *
     * @param nativeLibraries where the libraries are unpacked
     * @param threads of each operation
     */
    public static Map<String, String> tensorEnvironment(Path nativeLibraries, int threads) {
        return Map.of(
                "DJL_CACHE_DIR", nativeLibraries.toString(),
                "DJL_OFFLINE", "true",
                "OMP_NUM_THREADS", Integer.toString(threads),
                // Threads that spin while they wait starve the other processes.
                "OMP_WAIT_POLICY", "PASSIVE",
                // Freed tensors are used again and not given back to the system page by page.
                "MALLOC_MMAP_THRESHOLD_", Long.toString(1L << 32),
                "MALLOC_TRIM_THRESHOLD_", Long.toString(1L << 34),
                "MALLOC_ARENA_MAX", "2");
    }
}
