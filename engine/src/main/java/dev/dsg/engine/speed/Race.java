package dev.dsg.engine.speed;

import ai.onnxruntime.OrtException;
import dev.dsg.engine.format.onnx.OnnxRuntime;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;

/**
 * How long ONNX Runtime computes on the same images with several models, on one thread that never spins. The models take
 * turns, run by run, so that whatever else the machine does meets all of them alike.
 *
 * <p>Two times are taken of each run. That on the clock is what a user waits. That of the calling thread's processor, which
 * does all the work, leaves out the time in which others have it: where models are compared on a busy machine, it counts.
 */
public final class Race implements AutoCloseable {

    private static final int WARM_UP = 3;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final List<OnnxRuntime> models = new ArrayList<>();

    /** @throws OrtException if ONNX Runtime does not take a model */
    public Race(List<byte[]> models) throws OrtException {
        try {
            for (byte[] model : models) {
                this.models.add(new OnnxRuntime(model));
            }
        } catch (OrtException e) {
            close();
            throw e;
        }
    }

    /** Runs every model over {@code images} so many times. */
    public List<Laps> rounds(HostTensor images, int rounds) throws OrtException {
        return run(images, WARM_UP, round -> round < rounds);
    }

    /**
     * Runs every model over {@code images} until {@code time} is over, the runs that warm up included; once at least, so that
     * models whose single run takes longer are measured all the same.
     *
     * @param most rounds after which it ends in any case
     * @param cancelled ends it too, after the first round
     */
    public List<Laps> within(HostTensor images, Duration time, int most, BooleanSupplier cancelled)
            throws OrtException {
        long end = System.nanoTime() + time.toNanos();
        return run(
                images,
                1,
                round -> round == 0 || (round < most && System.nanoTime() - end < 0 && !cancelled.getAsBoolean()));
    }

    private List<Laps> run(HostTensor images, int warmUp, IntPredicate goesOn) throws OrtException {
        var laps = models.stream().map(_ -> new Laps.Builder()).toList();
        for (int round = -warmUp; round < 0 || goesOn.test(round); round++) {
            for (int model = 0; model < models.size(); model++) {
                long clock = System.nanoTime();
                long processor = THREADS.getCurrentThreadCpuTime();
                models.get(model).run(images);
                if (round >= 0) {
                    laps.get(model).add(System.nanoTime() - clock, THREADS.getCurrentThreadCpuTime() - processor);
                }
            }
        }
        return laps.stream().map(Laps.Builder::build).toList();
    }

    /** {@code count} images of Gaussian noise, the same in every race. */
    public static HostTensor noise(int count, Shape input) {
        float[] values = new float[count * input.count()];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        long[] sizes = input.sizes().stream().mapToLong(Integer::longValue).toArray();
        return new HostTensor(
                LongStream.concat(LongStream.of(count), LongStream.of(sizes)).toArray(), values);
    }

    @Override
    public void close() throws OrtException {
        for (OnnxRuntime model : models) {
            model.close();
        }
    }
}
