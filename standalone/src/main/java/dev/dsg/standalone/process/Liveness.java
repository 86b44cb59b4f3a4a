package dev.dsg.standalone.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a process still does anything. */
public final class Liveness {

    private Liveness() {}

    /**
     * Whether a process runs. One that has ended does not, even if nobody has asked for its exit code yet: in a container
     * whose first process does not look after orphans, that may be so for ever, and Java calls it alive.
     */
    public static boolean runs(ProcessHandle process) {
        return process.isAlive() && !ended(process.pid());
    }

    private static boolean ended(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name stands in brackets before it, and may contain anything.
            var state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'Z' || state == 'X';
        } catch (IOException e) {
            // No such file system, or no such process any more, which the caller sees next time.
            return false;
        }
    }
}
