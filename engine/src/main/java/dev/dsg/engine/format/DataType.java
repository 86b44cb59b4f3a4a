package dev.dsg.engine.format;

import java.nio.ByteBuffer;

/** Element types of the files that the engine reads. */
public enum DataType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U8(1),
    BOOL(1);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes per element. */
    public int bytes() {
        return bytes;
    }

    /** Whether it is a floating-point type. */
    boolean floating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /** The element that begins at byte {@code at} as float32; F64 is rounded, as are integers of many digits. */
    float floatAt(ByteBuffer bytes, int at) {
        return switch (this) {
            case F32 -> bytes.getFloat(at);
            case F64 -> (float) bytes.getDouble(at);
            case F16 -> Float.float16ToFloat(bytes.getShort(at));
            case BF16 -> Float.intBitsToFloat(bytes.getShort(at) << 16);
            case I64 -> bytes.getLong(at);
            case I32 -> bytes.getInt(at);
            case I16 -> bytes.getShort(at);
            case I8 -> bytes.get(at);
            case U8, BOOL -> Byte.toUnsignedInt(bytes.get(at));
        };
    }
}
