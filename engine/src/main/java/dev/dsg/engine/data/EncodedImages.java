package dev.dsg.engine.data;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Labelled images as JPEG or PNG files, of any sizes.
 *
 * @param files the bytes of one file each
 * @param labels {@code [count]}, class numbers
 */
public record EncodedImages(List<byte[]> files, int[] labels) implements Images {

    static final String FILES = "files";
    private static final String ENDS = "ends";
    private static final String LABELS = "labels";

    public EncodedImages {
        files = List.copyOf(files);
        if (files.size() != labels.length) {
            throw new EngineException(Kind.CORRUPT_FILE, FILES, files.size(), labels.length + ", one per label");
        }
    }

    @Override
    public Image image(int index) {
        return ImageFile.decode(files.get(index), "image " + index);
    }

    /** {@code files} (U8), one behind the other; {@code ends} (I32), where each ends; {@code labels} (I32). */
    @Override
    public byte[] toShard() {
        int[] ends = new int[count()];
        int end = 0;
        for (int i = 0; i < ends.length; i++) {
            end = Math.addExact(end, files.get(i).length);
            ends[i] = end;
        }
        byte[] joined = new byte[end];
        for (int i = 0; i < ends.length; i++) {
            byte[] file = files.get(i);
            System.arraycopy(file, 0, joined, ends[i] - file.length, file.length);
        }
        return new SafetensorsWriter()
                .uint8(FILES, new long[] {joined.length}, joined)
                .int32(ENDS, new long[] {count()}, ends)
                .int32(LABELS, new long[] {count()}, labels)
                .toBytes();
    }

    static EncodedImages of(Safetensors shard) {
        byte[] joined = shard.bytes(FILES);
        int[] ends = shard.ints(ENDS);
        List<byte[]> files = new ArrayList<>();
        int start = 0;
        for (int end : ends) {
            if (end < start || end > joined.length) {
                throw new EngineException(Kind.CORRUPT_FILE, ENDS, end, start + ".." + joined.length);
            }
            files.add(Arrays.copyOfRange(joined, start, end));
            start = end;
        }
        return new EncodedImages(files, shard.ints(LABELS));
    }
}
