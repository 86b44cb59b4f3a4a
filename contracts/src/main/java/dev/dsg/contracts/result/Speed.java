package dev.dsg.contracts.result;

import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.result.Accuracy.Interval;
import java.util.List;

/**
 * How fast the artefact and the network as it came run in ONNX Runtime. Both took turns, run by run, on noise. Unlike all
 * else in a report this differs from run to run.
 *
 * @param runtime what computed, and its version
 * @param processor name of the processor
 * @param cores how many of them the process had
 * @param features the instructions that matter, as Linux calls them
 * @param threads on which a model ran
 * @param spinning whether threads that wait keep a core busy
 * @param loadBefore load average of the last minute as it began
 * @param loadAfter and as it ended
 * @param paces one for each number of images at once
 */
public record Speed(
        String runtime,
        String processor,
        int cores,
        List<String> features,
        int threads,
        boolean spinning,
        double loadBefore,
        double loadAfter,
        List<Pace> paces) {

    /**
     * What was measured with so many images at once.
     *
     * @param batch images of a run
     * @param rounds runs of each model; with fewer than a hundred, p99 is the longest
     * @param fp32 of the network as it came, BatchNorm folded away
     * @param quantized of the artefact
     * @param speedup how many times as fast the artefact is: the median over the rounds, by the processor's time, which
     *     leaves out what other processes took
     * @param speedupInterval where that median lies with 95 % confidence
     */
    public record Pace(int batch, int rounds, Times fp32, Times quantized, double speedup, Interval speedupInterval) {
        /** Refuses missing parts and counts of nothing. */
        public Pace {
            Require.atLeast("pace.batch", batch, 1);
            Require.atLeast("pace.rounds", rounds, 1);
            Require.present("pace.fp32", fp32);
            Require.present("pace.quantized", quantized);
            Require.within("pace.speedup", speedup, 0, Double.MAX_VALUE);
            Require.present("pace.speedupInterval", speedupInterval);
        }
    }

    /**
     * Times on the clock.
     *
     * @param p50 milliseconds that half of the runs did not exceed
     * @param p95 that 95 % did not exceed
     * @param p99 that 99 % did not exceed
     * @param imagesPerSecond at the median
     */
    public record Times(double p50, double p95, double p99, double imagesPerSecond) {
        /** Refuses times that are none. */
        public Times {
            Require.within("times.p50", p50, 0, Double.MAX_VALUE);
            Require.within("times.p95", p95, p50, Double.MAX_VALUE);
            Require.within("times.p99", p99, p95, Double.MAX_VALUE);
            Require.within("times.imagesPerSecond", imagesPerSecond, 0, Double.MAX_VALUE);
        }
    }

    /** Refuses missing parts. */
    public Speed {
        Require.text("speed.runtime", runtime);
        Require.text("speed.processor", processor);
        Require.atLeast("speed.cores", cores, 1);
        features = Require.list("speed.features", features, 0);
        Require.atLeast("speed.threads", threads, 1);
        Require.within("speed.loadBefore", loadBefore, 0, Double.MAX_VALUE);
        Require.within("speed.loadAfter", loadAfter, 0, Double.MAX_VALUE);
        paces = Require.list("speed.paces", paces, 1);
    }
}
