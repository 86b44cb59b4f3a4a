package dev.dsg.standalone.measure;

import ai.onnxruntime.OrtException;
import dev.dsg.engine.format.onnx.OnnxRuntime;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * How long ONNX Runtime computes on the same images with several models, on one thread. The models take turns, run by
 * run, so that whatever else the machine does meets all of them alike; the median of each counts. What counts is the
 * processor time of the calling thread, which does all the work: on a machine of its own that is the time on the clock,
 * and on a busy one it leaves out the time in which others work.
 */
final class Race implements AutoCloseable {

    private static final int WARM_UP = 3;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final List<OnnxRuntime> models = new ArrayList<>();

    Race(List<Export> exports) throws OrtException {
        for (Export export : exports) {
            models.add(new OnnxRuntime(export.model()));
        }
    }

    /** The median processor seconds of one run over {@code images}, for each model. */
    double[] medians(HostTensor images, int runs) throws OrtException {
        double[][] seconds = new double[models.size()][runs];
        for (int run = -WARM_UP; run < runs; run++) {
            for (int model = 0; model < models.size(); model++) {
                long start = THREADS.getCurrentThreadCpuTime();
                models.get(model).run(images);
                if (run >= 0) {
                    seconds[model][run] = (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
                }
            }
        }
        return Arrays.stream(seconds).mapToDouble(Race::median).toArray();
    }

    /** {@code count} images of Gaussian noise. */
    static HostTensor noise(int count, Shape input) {
        float[] values = new float[count * input.count()];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        long[] sizes = input.sizes().stream().mapToLong(Integer::longValue).toArray();
        return new HostTensor(
                LongStream.concat(LongStream.of(count), LongStream.of(sizes)).toArray(), values);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Override
    public void close() throws OrtException {
        for (OnnxRuntime model : models) {
            model.close();
        }
    }
}
