package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** The element types that the importer reads, with their numbers in {@code TensorProto.DataType}. */
enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    UINT16(4, 2),
    INT16(5, 2),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    FLOAT16(10, 2),
    DOUBLE(11, 8),
    UINT32(12, 4),
    BFLOAT16(16, 2);

    private final int number;
    private final int bytes;

    ElementType(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    /** The type with the given number; {@code field} is to blame if there is none. */
    static ElementType of(long number, String field) {
        return Arrays.stream(values())
                .filter(type -> type.number == number)
                .findFirst()
                .orElseThrow(() -> new EngineException(
                        Kind.UNSUPPORTED_OPERATOR, field + " data_type", number, "one of " + List.of(values())));
    }

    /** Bytes an element. */
    int bytes() {
        return bytes;
    }

    boolean isReal() {
        return switch (this) {
            case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> true;
            case UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, UINT32 -> false;
        };
    }

    /** Whether the typed fields hold this type's bits as integers. */
    boolean isHalf() {
        return this == FLOAT16 || this == BFLOAT16;
    }

    /** The next element as a float; doubles are rounded. */
    float real(ByteBuffer data) {
        return switch (this) {
            case FLOAT -> data.getFloat();
            case DOUBLE -> (float) data.getDouble();
            case FLOAT16, BFLOAT16 -> half(data.getShort());
            case UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, UINT32 ->
                throw new IllegalStateException(this + " is an integer type");
        };
    }

    /** A float from its 16 bits. */
    float half(short bits) {
        return this == FLOAT16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
    }

    /** The next element as an integer. */
    long integer(ByteBuffer data) {
        return switch (this) {
            case UINT8, BOOL -> Byte.toUnsignedLong(data.get());
            case INT8 -> data.get();
            case UINT16 -> Short.toUnsignedLong(data.getShort());
            case INT16 -> data.getShort();
            case INT32 -> data.getInt();
            case UINT32 -> Integer.toUnsignedLong(data.getInt());
            case INT64 -> data.getLong();
            case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> throw new IllegalStateException(this + " is no integer type");
        };
    }
}
