package dev.dsg.engine.format;

import com.google.gson.stream.JsonWriter;
import dev.dsg.engine.graph.HostTensor;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a safetensors file. Tensors lie in the order they were added, metadata is sorted by key, and the header is
 * padded to eight bytes, so equal content gives equal bytes.
 */
public final class SafetensorsWriter {

    private record Entry(DataType type, long[] shape, byte[] bytes) {}

    private final Map<String, String> metadata = new TreeMap<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Adds one entry to the header's {@code __metadata__}. */
    public SafetensorsWriter metadata(String key, Object value) {
        metadata.put(key, String.valueOf(value));
        return this;
    }

    /** Adds a float32 tensor. */
    public SafetensorsWriter floats(String name, HostTensor tensor) {
        ByteBuffer bytes = little(tensor.values().length * Float.BYTES);
        bytes.asFloatBuffer().put(tensor.values());
        return add(name, DataType.F32, tensor.shape(), bytes.array());
    }

    /** Adds a float16 tensor, each value rounded to the nearest. */
    public SafetensorsWriter halves(String name, HostTensor tensor) {
        ByteBuffer bytes = little(tensor.values().length * Short.BYTES);
        for (float value : tensor.values()) {
            bytes.putShort(Float.floatToFloat16(value));
        }
        return add(name, DataType.F16, tensor.shape(), bytes.array());
    }

    /** Adds a tensor of signed bytes. */
    public SafetensorsWriter int8(String name, long[] shape, byte[] values) {
        return add(name, DataType.I8, shape, values);
    }

    /** Adds a tensor of unsigned bytes. */
    public SafetensorsWriter uint8(String name, long[] shape, byte[] values) {
        return add(name, DataType.U8, shape, values);
    }

    /** Adds an int32 tensor. */
    public SafetensorsWriter int32(String name, long[] shape, int[] values) {
        ByteBuffer bytes = little(values.length * Integer.BYTES);
        bytes.asIntBuffer().put(values);
        return add(name, DataType.I32, shape, bytes.array());
    }

    private SafetensorsWriter add(String name, DataType type, long[] shape, byte[] bytes) {
        if (Arrays.stream(shape).reduce(type.bytes(), Math::multiplyExact) != bytes.length) {
            throw new IllegalArgumentException(name + ": shape " + Arrays.toString(shape) + " does not fit");
        }
        if (entries.putIfAbsent(name, new Entry(type, shape.clone(), bytes)) != null) {
            throw new IllegalArgumentException(name + " is there already");
        }
        return this;
    }

    /** The whole file. */
    public byte[] toBytes() {
        byte[] header = header();
        int data = entries.values().stream().mapToInt(e -> e.bytes().length).sum();
        ByteBuffer file = little(Long.BYTES + header.length + data);
        file.putLong(header.length).put(header);
        entries.values().forEach(e -> file.put(e.bytes()));
        return file.array();
    }

    private byte[] header() {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            if (!metadata.isEmpty()) {
                json.name("__metadata__").beginObject();
                for (Map.Entry<String, String> e : metadata.entrySet()) {
                    json.name(e.getKey()).value(e.getValue());
                }
                json.endObject();
            }
            long at = 0;
            for (Map.Entry<String, Entry> e : entries.entrySet()) {
                at = write(json, e.getKey(), e.getValue(), at);
            }
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
        Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
        return padded;
    }

    private static long write(JsonWriter json, String name, Entry e, long at) throws IOException {
        long to = at + e.bytes().length;
        json.name(name).beginObject().name("dtype").value(e.type().name());
        json.name("shape").beginArray();
        for (long size : e.shape()) {
            json.value(size);
        }
        json.endArray().name("data_offsets").beginArray().value(at).value(to).endArray();
        json.endObject();
        return to;
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
