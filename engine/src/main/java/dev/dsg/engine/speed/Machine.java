package dev.dsg.engine.speed;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a speed was measured on.
 *
 * @param processor its name, or its architecture where it does not tell
 * @param cores how many of them there are for this process
 * @param features which of the instructions it has that networks are computed with, as Linux calls them, sorted
 */
public record Machine(String processor, int cores, List<String> features) {

    /**
     * With VNNI a processor multiplies and adds four bytes in one instruction, which makes networks of 8 bits fast; without,
     * they are hardly faster than floats.
     */
    private static final Set<String> VNNI = Set.of("avx_vnni", "avx512_vnni");

    private static final Set<String> TOLD = Set.of(
            "avx",
            "avx2",
            "fma",
            "f16c",
            "avx512f",
            "avx512bw",
            "avx512vl",
            "avx_vnni",
            "avx512_vnni",
            "avx512_bf16",
            "avx512_fp16",
            "amx_bf16",
            "amx_int8",
            "amx_tile",
            "asimd",
            "asimddp",
            "asimdhp",
            "i8mm",
            "sve",
            "sve2");

    public Machine {
        features = List.copyOf(features);
    }

    /** This machine. */
    public static Machine here() {
        try {
            return read(Files.readString(Path.of("/proc/cpuinfo")));
        } catch (IOException e) {
            return read("");
        }
    }

    /** The load average of the last minute: how many threads want a core. */
    public static double load() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getSystemLoadAverage();
    }

    static Machine read(String cpuinfo) {
        return new Machine(
                cpuinfo.lines()
                        .filter(line -> line.startsWith("model name"))
                        .map(Machine::value)
                        .findFirst()
                        .orElse(System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                cpuinfo.lines()
                        .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                        .flatMap(line -> Arrays.stream(value(line).split("\\s+")))
                        .filter(TOLD::contains)
                        .distinct()
                        .sorted()
                        .toList());
    }

    /** The kinds of VNNI that it has. */
    public List<String> vnni() {
        return features.stream().filter(VNNI::contains).toList();
    }

    private static String value(String line) {
        return line.substring(line.indexOf(':') + 1).strip();
    }
}
