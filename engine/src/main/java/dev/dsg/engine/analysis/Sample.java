package dev.dsg.engine.analysis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.graph.HostTensor;
import java.util.Arrays;
import java.util.List;

/** Images drawn from batches, without copying what is not drawn. */
final class Sample {

    private Sample() {}

    /** At most {@code limit} images, evenly drawn from all of {@code batches [batch, channels, height, width]}. */
    static HostTensor of(int limit, List<HostTensor> batches) {
        int all = batches.stream().mapToInt(batch -> batch.size(0)).sum();
        if (all == 0) {
            throw new EngineException(Kind.INVALID_SETTING, "images", 0, "at least 1");
        }
        int count = Math.min(limit, all);
        int each = batches.getFirst().values().length / batches.getFirst().size(0);
        float[] values = new float[count * each];
        for (int i = 0; i < count; i++) {
            copy((int) ((long) i * all / count), batches, each, values, i * each);
        }
        return shaped(count, values, batches.getFirst());
    }

    private static void copy(int image, List<HostTensor> batches, int each, float[] to, int at) {
        int left = image;
        for (HostTensor batch : batches) {
            if (left < batch.size(0)) {
                System.arraycopy(batch.values(), left * each, to, at, each);
                return;
            }
            left -= batch.size(0);
        }
    }

    /** Images {@code from} (inclusive) to {@code to} (exclusive). */
    static HostTensor rows(HostTensor images, int from, int to) {
        int each = images.values().length / images.size(0);
        return shaped(to - from, Arrays.copyOfRange(images.values(), from * each, to * each), images);
    }

    private static HostTensor shaped(int count, float[] values, HostTensor like) {
        long[] shape = like.shape().clone();
        shape[0] = count;
        return new HostTensor(shape, values);
    }
}
