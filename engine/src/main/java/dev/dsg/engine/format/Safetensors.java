package dev.dsg.engine.format;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.graph.HostTensor;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file in memory: eight bytes of header length, a JSON header, and the tensors' bytes.
 *
 * <p>The header is checked in full before a value is read: lengths, types, shapes, and that the tensors cover the data
 * exactly, without gap or overlap. Every fault is an {@link EngineException} of kind {@link Kind#CORRUPT_FILE}.
 */
public final class Safetensors implements Weights {

    private static final int LENGTH_BYTES = 8;
    private static final int MAX_HEADER_BYTES = 100_000_000;

    /** Where one tensor lies; offsets count from the end of the header. */
    private record Entry(DataType type, long[] shape, long from, long to) {}

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final ByteBuffer data;

    private Safetensors(ByteBuffer file) {
        long length = file.remaining() < LENGTH_BYTES ? -1 : file.getLong(0);
        if (length < 2 || length > MAX_HEADER_BYTES || length > file.remaining() - LENGTH_BYTES) {
            throw corrupt("header length", length, "2.." + (file.remaining() - LENGTH_BYTES) + " bytes");
        }
        int header = Math.toIntExact(length);
        data = file.slice(LENGTH_BYTES + header, file.remaining() - LENGTH_BYTES - header)
                .order(ByteOrder.LITTLE_ENDIAN);
        parse(decode(file.slice(LENGTH_BYTES, header)));
        checkCoverage();
    }

    /** Reads a whole file. */
    public static Safetensors read(Path file) {
        try {
            return parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parses the bytes of a file. */
    public static Safetensors parse(byte[] file) {
        return new Safetensors(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** The free-form entries of the header's {@code __metadata__}. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /** The element type of {@code name}. */
    public DataType type(String name) {
        return entry(name).type();
    }

    @Override
    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    @Override
    public HostTensor floats(String name) {
        Entry e = entry(name);
        if (!e.type().floating()) {
            throw corrupt("tensor " + name + " type", e.type(), "a floating-point type");
        }
        ByteBuffer raw = raw(e);
        float[] values = new float[raw.remaining() / e.type().bytes()];
        for (int i = 0; i < values.length; i++) {
            values[i] = e.type().floatAt(raw, i * e.type().bytes());
        }
        return new HostTensor(e.shape().clone(), values);
    }

    /** The raw bytes of a tensor of type I8 or U8. */
    public byte[] bytes(String name) {
        Entry e = entry(name);
        if (e.type() != DataType.I8 && e.type() != DataType.U8) {
            throw corrupt("tensor " + name + " type", e.type(), "I8 or U8");
        }
        byte[] values = new byte[raw(e).remaining()];
        raw(e).get(values);
        return values;
    }

    /** The values of an I32 tensor. */
    public int[] ints(String name) {
        Entry e = entry(name);
        if (e.type() != DataType.I32) {
            throw corrupt("tensor " + name + " type", e.type(), "I32");
        }
        int[] values = new int[raw(e).remaining() / Integer.BYTES];
        raw(e).asIntBuffer().get(values);
        return values;
    }

    private Entry entry(String name) {
        Entry e = entries.get(name);
        if (e == null) {
            throw corrupt("tensor " + name, "missing", "one of " + entries.size() + " tensors");
        }
        return e;
    }

    private ByteBuffer raw(Entry e) {
        return data.slice((int) e.from(), (int) (e.to() - e.from())).order(ByteOrder.LITTLE_ENDIAN);
    }

    // ---- the header

    private static String decode(ByteBuffer header) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(header);
            return text.toString();
        } catch (CharacterCodingException e) {
            throw corrupt("header", e.getMessage(), "UTF-8 text");
        }
    }

    private void parse(String header) {
        try (JsonReader json = new JsonReader(new StringReader(header))) {
            json.setStrictness(Strictness.STRICT);
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                if (name.equals("__metadata__")) {
                    readMetadata(json);
                } else if (entries.put(name, readEntry(name, json)) != null) {
                    throw corrupt("tensor " + name, "named twice", "unique names");
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw corrupt("header", json.peek(), "nothing after the object");
            }
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw corrupt("header", e.getMessage(), "a JSON object of tensors");
        }
    }

    private void readMetadata(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            metadata.put(json.nextName(), json.nextString());
        }
        json.endObject();
    }

    private Entry readEntry(String name, JsonReader json) throws IOException {
        DataType type = null;
        long[] shape = null;
        long[] offsets = null;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "dtype" -> type = type(name, json.nextString());
                case "shape" -> shape = longs(json);
                case "data_offsets" -> offsets = longs(json);
                case String other -> throw corrupt("tensor " + name, other, "dtype, shape and data_offsets");
            }
        }
        json.endObject();
        if (type == null || shape == null || offsets == null || offsets.length != 2) {
            throw corrupt("tensor " + name, "incomplete", "dtype, shape and two data_offsets");
        }
        return check(name, new Entry(type, shape, offsets[0], offsets[1]));
    }

    private static DataType type(String name, String text) {
        try {
            return DataType.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw corrupt("tensor " + name + " dtype", text, "one of " + List.of(DataType.values()));
        }
    }

    private static long[] longs(JsonReader json) throws IOException {
        List<Long> values = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            values.add(json.nextLong());
        }
        json.endArray();
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private Entry check(String name, Entry e) {
        if (e.from() < 0 || e.to() < e.from() || e.to() > data.remaining()) {
            throw corrupt(
                    "tensor " + name + " data_offsets",
                    "[" + e.from() + ", " + e.to() + "]",
                    "a range within the file's " + data.remaining() + " bytes of data");
        }
        long bytes = e.type().bytes();
        try {
            for (long size : e.shape()) {
                if (size < 0) {
                    throw corrupt("tensor " + name + " shape", size, "no negative length");
                }
                bytes = Math.multiplyExact(bytes, size);
            }
        } catch (ArithmeticException overflow) {
            throw corrupt("tensor " + name + " shape", List.of(e.shape().length), "fewer than 2^63 bytes");
        }
        if (bytes != e.to() - e.from()) {
            throw corrupt(
                    "tensor " + name + " data_offsets", e.to() - e.from() + " bytes", bytes + " bytes by its shape");
        }
        return e;
    }

    private void checkCoverage() {
        long at = 0;
        for (Entry e : entries.values().stream()
                .sorted(Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to))
                .toList()) {
            if (e.from() != at) {
                throw corrupt("data_offsets", e.from(), at + ", without gap or overlap");
            }
            at = e.to();
        }
        if (at != data.remaining()) {
            throw corrupt("data", data.remaining() + " bytes", at + " bytes by the header");
        }
    }

    private static EngineException corrupt(String field, Object value, String expected) {
        return new EngineException(Kind.CORRUPT_FILE, field, value, expected);
    }
}
