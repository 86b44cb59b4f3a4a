package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Reads one message in the wire format of protocol buffers, field by field: {@link #next} moves to a field, then exactly
 * one other method takes its value. Whatever does not add up is an {@link EngineException} of kind {@link
 * Kind#CORRUPT_FILE} that says in which message.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers: Encoding</a>
 */
final class ProtoReader {

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private final String message;
    private final ByteBuffer bytes;
    private int field;
    private int wireType;

    /** @param message what it is called in errors */
    ProtoReader(String message, ByteBuffer bytes) {
        this.message = message;
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Moves to the next field; false at the end of the message. */
    boolean next() {
        if (!bytes.hasRemaining()) {
            return false;
        }
        long tag = varint();
        if (tag >>> 3 == 0 || tag >>> 3 > 0x1fff_ffff) {
            throw corrupt(message + " tag", tag, "a field number of 1..2^29 - 1");
        }
        field = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        return true;
    }

    /** The number of the current field. */
    int field() {
        return field;
    }

    /** An integer, a truth value or an enum. */
    long integer() {
        expect(VARINT);
        return varint();
    }

    /** A number of 32 bits. */
    float real() {
        expect(FIXED_32);
        need(Float.BYTES);
        return bytes.getFloat();
    }

    /** Text in UTF-8. */
    String text() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes()).toString();
        } catch (CharacterCodingException e) {
            throw corrupt(here(), e.getMessage(), "UTF-8 text");
        }
    }

    /** Raw bytes, in the file's memory. */
    ByteBuffer bytes() {
        expect(LENGTH_DELIMITED);
        long length = varint();
        if (length < 0 || length > bytes.remaining()) {
            throw corrupt(here() + " length", length, "at most the " + bytes.remaining() + " bytes left");
        }
        ByteBuffer slice = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + (int) length);
        return slice;
    }

    /** A message, called {@code name}. */
    ProtoReader message(String name) {
        return new ProtoReader(name, bytes());
    }

    /** One value or a packed run of values of a repeated integer. */
    void integers(LongStream.Builder to) {
        if (wireType == VARINT) {
            to.add(varint());
            return;
        }
        ProtoReader run = message(here());
        while (run.bytes.hasRemaining()) {
            to.add(run.varint());
        }
    }

    /** One value or a packed run of values of a repeated float. */
    void reals(DoubleStream.Builder to) {
        if (wireType == FIXED_32) {
            to.add(real());
            return;
        }
        ByteBuffer run = whole(bytes(), Float.BYTES);
        while (run.hasRemaining()) {
            to.add(run.getFloat());
        }
    }

    /** One value or a packed run of values of a repeated double. */
    void doubles(DoubleStream.Builder to) {
        if (wireType == FIXED_64) {
            need(Double.BYTES);
            to.add(bytes.getDouble());
            return;
        }
        ByteBuffer run = whole(bytes(), Double.BYTES);
        while (run.hasRemaining()) {
            to.add(run.getDouble());
        }
    }

    private ByteBuffer whole(ByteBuffer run, int size) {
        if (run.remaining() % size != 0) {
            throw corrupt(here() + " length", run.remaining(), "a multiple of " + size);
        }
        return run;
    }

    /** Passes over the current field. */
    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED_64 -> advance(Long.BYTES);
            case LENGTH_DELIMITED -> bytes();
            case FIXED_32 -> advance(Integer.BYTES);
            default -> throw corrupt(here() + " wire type", wireType, "0, 1, 2 or 5");
        }
    }

    private void advance(int count) {
        need(count);
        bytes.position(bytes.position() + count);
    }

    /** Seven bits a byte, the lowest first; all but the last byte have the high bit set. */
    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            need(1);
            byte next = bytes.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw corrupt(here(), "a number of more than 10 bytes", "at most 10");
    }

    private void need(int count) {
        if (bytes.remaining() < count) {
            throw corrupt(here(), "cut off", count + " more bytes");
        }
    }

    private void expect(int expected) {
        if (wireType != expected) {
            throw corrupt(here() + " wire type", wireType, String.valueOf(expected));
        }
    }

    private String here() {
        return message + " field " + field;
    }

    private static EngineException corrupt(String field, Object value, String expected) {
        return new EngineException(Kind.CORRUPT_FILE, field, value, expected);
    }
}
