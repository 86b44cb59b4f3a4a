package dev.dsg.engine.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles instruction by instruction, as Python's pickler does for protocol 2. */
final class PickleWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    PickleWriter() {
        op(0x80).op(2);
    }

    PickleWriter op(int code) {
        out.write(code);
        return this;
    }

    PickleWriter global(String module, String name) {
        return op('c').bytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    PickleWriter text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return op('X').bytes(little(Integer.BYTES).putInt(bytes.length).array()).bytes(bytes);
    }

    PickleWriter integer(long value) {
        return op(0x8a).op(Long.BYTES).bytes(little(Long.BYTES).putLong(value).array());
    }

    PickleWriter integers(long... values) {
        op('(');
        for (long value : values) {
            integer(value);
        }
        return op('t');
    }

    PickleWriter emptyOrderedDict() {
        return global("collections", "OrderedDict").op(')').op('R');
    }

    /** A tensor on the storage {@code key}, as {@code torch._utils._rebuild_tensor_v2} is called for. */
    PickleWriter tensor(String storageType, String key, long count, long offset, long[] shape, long[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").op('(');
        op('(').text("storage")
                .global("torch", storageType)
                .text(key)
                .text("cpu")
                .integer(count)
                .op('t')
                .op('Q');
        integer(offset).integers(shape).integers(strides).op(0x89).emptyOrderedDict();
        return op('t').op('R');
    }

    PickleWriter bytes(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    byte[] stop() {
        return op('.').out.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
