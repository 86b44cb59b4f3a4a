package dev.dsg.evaluator;

import ai.onnxruntime.OrtException;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.result.Accuracy.Interval;
import dev.dsg.contracts.result.Speed;
import dev.dsg.engine.format.onnx.OnnxRuntime;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.speed.Laps;
import dev.dsg.engine.speed.Machine;
import dev.dsg.engine.speed.Race;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Races the artefact of a job against the network as it came. One race at a time in a process: two would time each other.
 */
@Singleton
final class SpeedTrial {

    /** One image at a time is what waits feel, several are what throughput is made of. */
    private static final List<Integer> BATCHES = List.of(1, 16);

    private static final int MOST_ROUNDS = 10_000;
    private static final double MILLIS = 1_000;

    /**
     * Measures both models, for about {@code time} in all.
     *
     * @param cancelled is asked after every round whether nobody wants to know any more
     * @throws DsgException {@code CORRUPT_OBJECT} if ONNX Runtime does not take the artefact; {@code INTERNAL} if cancelled
     */
    synchronized Speed measure(byte[] fp32, byte[] quantized, Shape input, Duration time, BooleanSupplier cancelled) {
        var machine = Machine.here();
        var before = load();
        try (var race = new Race(List.of(fp32, quantized))) {
            var paces = new ArrayList<Speed.Pace>();
            for (int batch : BATCHES) {
                var laps =
                        race.within(Race.noise(batch, input), time.dividedBy(BATCHES.size()), MOST_ROUNDS, cancelled);
                if (cancelled.getAsBoolean()) {
                    throw new DsgException(ErrorCode.INTERNAL, "told to stop while speed was measured");
                }
                paces.add(pace(batch, laps.getFirst(), laps.getLast()));
            }
            return new Speed(
                    "ONNX Runtime " + OnnxRuntime.version(),
                    machine.processor(),
                    machine.cores(),
                    machine.features(),
                    OnnxRuntime.THREADS,
                    OnnxRuntime.SPINNING,
                    before,
                    load(),
                    paces);
        } catch (OrtException e) {
            throw DeployedNetwork.refused(e);
        }
    }

    private static Speed.Pace pace(int batch, Laps fp32, Laps quantized) {
        var speedup = fp32.speedupOf(quantized);
        return new Speed.Pace(
                batch,
                fp32.rounds(),
                times(batch, fp32),
                times(batch, quantized),
                speedup.value(),
                new Interval(speedup.interval().low(), speedup.interval().high()));
    }

    private static Speed.Times times(int batch, Laps laps) {
        return new Speed.Times(
                MILLIS * laps.seconds(0.5),
                MILLIS * laps.seconds(0.95),
                MILLIS * laps.seconds(0.99),
                batch / laps.seconds(0.5));
    }

    /** A machine that does not tell says that it is less than 0. */
    private static double load() {
        return Math.max(0, Machine.load());
    }
}
