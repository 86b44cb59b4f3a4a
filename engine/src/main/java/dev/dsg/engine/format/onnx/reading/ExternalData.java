package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Values that lie in other files. A model may name only files inside its own folder, whichever way (by {@code ..}, an
 * absolute path or a link) it would leave it.
 *
 * @param folder the model's folder; nothing for a model in memory, which can have no other files
 */
record ExternalData(Optional<Path> folder) {

    /** For what can have no other files. */
    static final ExternalData NONE = new ExternalData(Optional.empty());

    /** The bytes of {@code tensor}, exactly as many as its shape says. */
    ByteBuffer read(TensorProto tensor, int count, ElementType element) {
        Path file = locate(tensor);
        long bytes = (long) count * element.bytes();
        long offset = number(tensor, "offset", 0);
        long length = number(tensor, "length", bytes);
        try (FileChannel channel = FileChannel.open(file)) {
            if (length != bytes || bytes > Integer.MAX_VALUE || offset > channel.size() - length) {
                throw wrong(
                        tensor,
                        "bytes " + offset + " to " + (offset + length),
                        bytes + " bytes by its dims, inside the file's " + channel.size());
            }
            ByteBuffer data = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
            while (data.hasRemaining() && channel.read(data, offset + data.position()) >= 0) {
                continue;
            }
            return data.flip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path locate(TensorProto tensor) {
        String location = tensor.external().getOrDefault("location", "");
        String expected = "a file inside the model's folder";
        if (folder.isEmpty()) {
            throw wrong(tensor, location, "values in the model itself, which is not a file");
        }
        try {
            Path root = folder.get().toRealPath();
            Path file = root.resolve(location).normalize();
            if (Path.of(location).isAbsolute() || !file.startsWith(root) || !Files.isRegularFile(file)) {
                throw wrong(tensor, location, expected);
            }
            if (!file.toRealPath().startsWith(root)) {
                throw wrong(tensor, location, expected);
            }
            return file;
        } catch (InvalidPathException e) {
            throw wrong(tensor, location, expected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(TensorProto tensor, String key, long absent) {
        String text = tensor.external().get(key);
        if (text == null) {
            return absent;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw wrong(tensor, key + " " + text, "a number of bytes");
        }
        return Long.parseLong(text);
    }

    private static EngineException wrong(TensorProto tensor, String value, String expected) {
        return new EngineException(Kind.CORRUPT_FILE, tensor.field() + " external_data", value, expected);
    }
}
