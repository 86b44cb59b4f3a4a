package dev.dsg.engine.data;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.format.Safetensors;

/** Labelled images in memory: pixels of one size, or files that are decoded when they are asked for. */
public sealed interface Images permits ImageSet, EncodedImages {

    /** The class number of each image: {@code [count]}. */
    int[] labels();

    /** The number of images. */
    default int count() {
        return labels().length;
    }

    /**
     * Image {@code index}.
     *
     * @throws EngineException if it is a file that cannot be decoded
     */
    Image image(int index);

    /** The images as a safetensors file, which {@link #fromShard} reads. */
    byte[] toShard();

    /** Reads a shard of either kind. */
    static Images fromShard(byte[] file) {
        Safetensors shard = Safetensors.parse(file);
        return shard.names().contains(EncodedImages.FILES) ? EncodedImages.of(shard) : ImageSet.of(shard);
    }
}
