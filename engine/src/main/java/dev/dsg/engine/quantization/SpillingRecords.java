package dev.dsg.engine.quantization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Records of floats, all of one length: as many as fit a budget in memory outside the heap, the others in a temporary
 * file that is gone when this is closed.
 */
final class SpillingRecords implements AutoCloseable {

    private final Arena arena = Arena.ofConfined();
    private final int length;
    private final int capacity;
    private final MemorySegment kept;
    private final FileChannel spilled;
    private final ByteBuffer buffer;

    /**
     * @param length floats of each record
     * @param memoryBytes what the records in memory may take
     */
    SpillingRecords(int count, int length, long memoryBytes) {
        long each = (long) Float.BYTES * length;
        this.length = length;
        this.capacity = (int) Math.min(memoryBytes / each, count);
        this.kept = arena.allocate(capacity * each, Float.BYTES);
        this.spilled = capacity < count ? temporary() : null;
        this.buffer = arena.allocate(spilled == null ? 0 : each, Float.BYTES).asByteBuffer();
    }

    private static FileChannel temporary() {
        try {
            Path file = Files.createTempFile("dsg-reconstruction", ".floats");
            return FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary file for activations beyond the memory budget", e);
        }
    }

    /** How many of the records are in memory: the first ones. */
    int capacity() {
        return capacity;
    }

    /** How many bytes are in the file. */
    long spilledBytes() {
        try {
            return spilled == null ? 0 : spilled.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void put(int record, float[] values) {
        if (record < capacity) {
            MemorySegment.copy(values, 0, kept, ValueLayout.JAVA_FLOAT, offset(record), length);
            return;
        }
        MemorySegment.copy(values, 0, MemorySegment.ofBuffer(buffer.clear()), ValueLayout.JAVA_FLOAT, 0, length);
        try {
            for (long at = offset(record - capacity); buffer.hasRemaining(); ) {
                at += spilled.write(buffer, at);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    float[] get(int record) {
        float[] values = new float[length];
        if (record < capacity) {
            MemorySegment.copy(kept, ValueLayout.JAVA_FLOAT, offset(record), values, 0, length);
            return values;
        }
        try {
            buffer.clear();
            for (long at = offset(record - capacity); buffer.hasRemaining(); ) {
                int read = spilled.read(buffer, at);
                if (read < 0) {
                    throw new IOException("record " + record + " was never put");
                }
                at += read;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        MemorySegment.copy(MemorySegment.ofBuffer(buffer.clear()), ValueLayout.JAVA_FLOAT, 0, values, 0, length);
        return values;
    }

    private long offset(int record) {
        return (long) Float.BYTES * length * record;
    }

    @Override
    public void close() {
        try (arena) {
            if (spilled != null) {
                spilled.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
