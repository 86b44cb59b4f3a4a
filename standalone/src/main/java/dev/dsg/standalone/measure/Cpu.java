package dev.dsg.standalone.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the processor can do about integers. With VNNI it multiplies and adds four bytes in one instruction, which makes
 * networks of 8 bits fast; without, they are hardly faster than floats.
 *
 * @param vnni the kinds of VNNI that it has, as Linux calls them
 */
record Cpu(Set<String> vnni) {

    private static final Set<String> KINDS = Set.of("avx_vnni", "avx512_vnni");

    /** The processor of this machine; one that does not tell counts as one without. */
    static Cpu here() {
        try {
            return read(Files.readString(Path.of("/proc/cpuinfo")));
        } catch (IOException e) {
            return new Cpu(Set.of());
        }
    }

    static Cpu read(String cpuinfo) {
        return new Cpu(cpuinfo.lines()
                .filter(line -> line.startsWith("flags"))
                .flatMap(line -> Arrays.stream(line.split("\\s+")))
                .filter(KINDS::contains)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    boolean hasVnni() {
        return !vnni.isEmpty();
    }

    @Override
    public String toString() {
        return hasVnni() ? String.join(" and ", vnni) : "no VNNI";
    }
}
