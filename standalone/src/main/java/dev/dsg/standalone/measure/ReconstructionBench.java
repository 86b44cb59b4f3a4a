package dev.dsg.standalone.measure;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.Reconstruction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Times the reconstruction of each block of a network, on the one core that it uses.
 *
 * @param blocks seconds of an iteration in each block, with its share of the values that are computed once
 * @param peakResident the most MiB the process has taken so far, heap and native memory alike; 0 where the system does
 *     not tell
 */
record ReconstructionBench(List<Double> blocks, long peakResident) {

    static final int BATCH = 32;

    /** Learns the rounding of {@code network} on {@code images} for a few iterations of QDrop in every block. */
    static ReconstructionBench of(Graph network, HostTensor images, int iterations) {
        Reconstruction rounding = Reconstruction.qdrop(1).withIterations(iterations);
        List<Double> blocks = new ArrayList<>();
        long[] start = {0};
        new PostTrainingQuantizer(QuantizationSettings.of(4, 4).withRounding(rounding))
                .quantize(network, List.of(images), (done, _) -> {
                    // The first step is the calibration.
                    if ((done - 1) % iterations == 0) {
                        long now = System.nanoTime();
                        if (done > 1) {
                            blocks.add((now - start[0]) / 1e9 / iterations);
                        }
                        start[0] = now;
                    }
                });
        return new ReconstructionBench(List.copyOf(blocks), peakResidentMiB());
    }

    /** Seconds of one iteration in every block. */
    double seconds() {
        return blocks.stream().mapToDouble(Double::doubleValue).sum();
    }

    private static long peakResidentMiB() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
