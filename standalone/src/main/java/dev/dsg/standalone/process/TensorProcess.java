package dev.dsg.standalone.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A command of this command line, run again in a process of its own: the native library reads its settings from the
 * environment when it starts, and this process's cannot be changed any more.
 */
public final class TensorProcess {

    private static final String MARK = "DSG_TENSOR_PROCESS";

    private TensorProcess() {}

    /** Whether this process is such a one. */
    public static boolean here() {
        return System.getenv(MARK) != null;
    }

    /**
     * Runs the command to its end and returns its exit code.
     *
     * @param main the main class of the command line
     * @param arguments of the command line, as they were given to this process
     * @param nativeLibraries where they are unpacked
     * @param threads of each operation
     */
    public static int run(Class<?> main, List<String> arguments, Path nativeLibraries, int threads)
            throws IOException, InterruptedException {
        Jvm java = new Jvm("-Xmx1g", "-Ddsg.root=" + System.getProperty("dsg.root", "."));
        ProcessBuilder child = new ProcessBuilder(java.main(main.getName(), arguments.toArray())).inheritIO();
        child.environment().put("CLASSPATH", Jvm.classPath());
        child.environment().put(MARK, "1");
        child.environment().putAll(Jvm.tensorEnvironment(nativeLibraries, threads));
        return Child.run(child);
    }
}
