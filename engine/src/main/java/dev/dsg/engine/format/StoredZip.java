package dev.dsg.engine.format;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The entries of a zip file whose entries are not compressed, as PyTorch writes them, with or without the 64-bit
 * extension. Compressed entries are refused, so no entry can be larger than the file. Every checksum is verified.
 *
 * <p>The java.util.zip readers want either a file on disk or entries whose sizes precede them, and PyTorch writes sizes
 * behind; hence this reader of the central directory (PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5).
 */
final class StoredZip {

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;

    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int LOCATOR_BYTES = 20;
    private static final int MAX_COMMENT_BYTES = 0xffff;
    private static final int ENCRYPTED = 1;
    private static final int SIZES_64 = 1;

    private final ByteBuffer file;
    private final Map<String, ByteBuffer> entries = new LinkedHashMap<>();

    private StoredZip(byte[] bytes) {
        file = little(ByteBuffer.wrap(bytes));
        try {
            readDirectory(end());
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw corrupt("zip file", "truncated or damaged", "a whole file; copy it again");
        }
    }

    /** The entries by name, in the directory's order; each a little-endian buffer at its start. */
    static Map<String, ByteBuffer> entries(byte[] file) {
        return new StoredZip(file).entries;
    }

    /** Whether a file begins like a zip file. */
    static boolean recognises(byte[] file) {
        return file.length >= Integer.BYTES && little(ByteBuffer.wrap(file)).getInt(0) == LOCAL;
    }

    private int end() {
        int last = file.limit() - END_BYTES;
        for (int at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
            if (file.getInt(at) == END) {
                return at;
            }
        }
        throw corrupt("zip file", "without a directory", "a whole file; copy it again");
    }

    private void readDirectory(int end) {
        long count = Short.toUnsignedInt(file.getShort(end + 10));
        long at = Integer.toUnsignedLong(file.getInt(end + 16));
        int locator = end - LOCATOR_BYTES;
        if (locator >= 0 && file.getInt(locator) == LOCATOR_64) {
            int end64 = Math.toIntExact(file.getLong(locator + 8));
            require(file.getInt(end64) == END_64);
            count = file.getLong(end64 + 32);
            at = file.getLong(end64 + 48);
        }
        int next = Math.toIntExact(at);
        for (long i = 0; i < count; i++) {
            next = readEntry(next);
        }
    }

    /** Reads the directory's entry at {@code at}; where the next one begins. */
    private int readEntry(int at) {
        require(file.getInt(at) == CENTRAL);
        int nameBytes = Short.toUnsignedInt(file.getShort(at + 28));
        int extraBytes = Short.toUnsignedInt(file.getShort(at + 30));
        int commentBytes = Short.toUnsignedInt(file.getShort(at + 32));
        String name = text(at + CENTRAL_BYTES, nameBytes);
        if ((file.getShort(at + 8) & ENCRYPTED) != 0 || file.getShort(at + 10) != 0) {
            throw corrupt(
                    "zip entry " + name,
                    "compressed or encrypted",
                    "stored as it is, as torch.save does; a TorchScript module is no state dict");
        }
        long[] sizes = sizes(at, little(file.slice(at + CENTRAL_BYTES + nameBytes, extraBytes)));
        ByteBuffer data = data(sizes[2], sizes[0]);
        if (sizes[0] != sizes[1]) {
            throw corrupt("zip entry " + name, sizes[1] + " bytes stored", sizes[0] + " bytes by its size");
        }
        if (checksum(data) != file.getInt(at + 16)) {
            throw corrupt("zip entry " + name, "damaged", "the bytes its checksum was taken of; copy the file again");
        }
        if (entries.put(name, data) != null) {
            throw corrupt("zip entry " + name, "there twice", "unique names");
        }
        return at + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes;
    }

    /** Size, stored size and place of an entry; those that do not fit 32 bits lie in an extra field, in this order. */
    private long[] sizes(int at, ByteBuffer extra) {
        long[] sizes = {
            Integer.toUnsignedLong(file.getInt(at + 24)),
            Integer.toUnsignedLong(file.getInt(at + 20)),
            Integer.toUnsignedLong(file.getInt(at + 42))
        };
        while (extra.remaining() >= Integer.BYTES) {
            int id = Short.toUnsignedInt(extra.getShort());
            int length = Short.toUnsignedInt(extra.getShort());
            ByteBuffer field = little(extra.slice(extra.position(), length));
            for (int i = 0; i < sizes.length && id == SIZES_64; i++) {
                sizes[i] = sizes[i] == 0xffffffffL ? field.getLong() : sizes[i];
            }
            extra.position(extra.position() + length);
        }
        return sizes;
    }

    private ByteBuffer data(long local, long length) {
        int at = Math.toIntExact(local);
        require(file.getInt(at) == LOCAL);
        int header =
                LOCAL_BYTES + Short.toUnsignedInt(file.getShort(at + 26)) + Short.toUnsignedInt(file.getShort(at + 28));
        return little(file.slice(at + header, Math.toIntExact(length)));
    }

    private String text(int at, int length) {
        byte[] bytes = new byte[length];
        file.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int checksum(ByteBuffer data) {
        CRC32 crc = new CRC32();
        crc.update(data.duplicate());
        return (int) crc.getValue();
    }

    private static void require(boolean signature) {
        if (!signature) {
            throw new IllegalArgumentException("no signature");
        }
    }

    private static ByteBuffer little(ByteBuffer buffer) {
        return buffer.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static EngineException corrupt(String field, Object value, String expected) {
        return new EngineException(Kind.CORRUPT_FILE, field, value, expected);
    }
}
