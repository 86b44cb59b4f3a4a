package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.Tensor;
import java.util.List;

/**
 * The images of all batches, one by one.
 *
 * @param batches each {@code [batch, channels, height, width]}, of one size but for the batch
 */
public record CalibrationImages(List<HostTensor> batches) {

    /** The number of images in all batches. */
    public int count() {
        return batches.stream().mapToInt(batch -> batch.size(0)).sum();
    }

    /** The images numbered {@code which}, in that order, {@code [which, channels, height, width]}. */
    public HostTensor pick(int[] which) {
        long[] shape = batches.getFirst().shape().clone();
        shape[0] = which.length;
        int each = batches.getFirst().values().length / batches.getFirst().size(0);
        float[] values = new float[which.length * each];
        for (int i = 0; i < which.length; i++) {
            copy(which[i], each, values, i * each);
        }
        return new HostTensor(shape, values);
    }

    /** The same as a tensor, channels innermost in memory. */
    Tensor select(int[] which) {
        HostTensor picked = pick(which);
        return Tensor.of(picked.values(), picked.shape()).channelsLast();
    }

    private void copy(int image, int each, float[] to, int at) {
        int left = image;
        for (HostTensor batch : batches) {
            if (left < batch.size(0)) {
                System.arraycopy(batch.values(), left * each, to, at, each);
                return;
            }
            left -= batch.size(0);
        }
    }
}
