package dev.dsg.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.graph.HostTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateDictTest {

    private static final byte[] SIX_FLOATS = little(24)
            .putFloat(0)
            .putFloat(1)
            .putFloat(2)
            .putFloat(3)
            .putFloat(4)
            .putFloat(5)
            .array();

    /**
     * Written by PyTorch 1.13: {@code base = torch.arange(6.).reshape(2, 3)}, then {@code torch.save({'state_dict':
     * OrderedDict('module.half': torch.tensor([1.5, -2], dtype=torch.float16), 'module.transposed': base.t(),
     * 'module.row': base[1], 'module.num_batches_tracked': torch.tensor(7)), 'epoch': 3}, 'fix.pth')}.
     */
    private static byte[] writtenByTorch() {
        try (InputStream in = StateDictTest.class.getResourceAsStream("torch-1.13.pth")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldReadWhatTorchWrites() {
        Weights read = Weights.parse(writtenByTorch());

        assertThat(read.names()).containsExactly("half", "transposed", "row", "num_batches_tracked");
        assertThat(read.floats("half").values()).containsExactly(1.5f, -2);
        assertThat(read.floats("transposed")).isEqualTo(tensor(new long[] {3, 2}, 0, 3, 1, 4, 2, 5));
        assertThat(read.floats("row")).isEqualTo(tensor(new long[] {3}, 3, 4, 5));
        assertThat(read.shape("num_batches_tracked")).isEmpty();
        assertThatThrownBy(() -> read.floats("num_batches_tracked")).hasMessageContaining("I64");
    }

    @ParameterizedTest
    @CsvSource({"DoubleStorage,8", "FloatStorage,4", "HalfStorage,2", "BFloat16Storage,2"})
    void shouldReadEveryFloatingPointType(String type, int bytes) {
        ByteBuffer data = little(bytes);
        switch (type) {
            case "DoubleStorage" -> data.putDouble(-1.5);
            case "FloatStorage" -> data.putFloat(-1.5f);
            case "HalfStorage" -> data.putShort((short) 0xbe00);
            default -> data.putShort((short) 0xbfc0);
        }
        byte[] file = file(one(w -> w.tensor(type, "0", 1, 0, new long[0], new long[0])), data.array());

        assertThat(StateDict.parse(file).floats("w")).isEqualTo(tensor(new long[0], -1.5f));
    }

    @ParameterizedTest
    @CsvSource({"LongStorage,8", "IntStorage,4", "ShortStorage,2", "CharStorage,1", "ByteStorage,1", "BoolStorage,1"})
    void shouldKnowEveryIntegerTypeAndNotTakeItForWeights(String type, int bytes) {
        byte[] file = file(one(w -> w.tensor(type, "0", 3, 0, new long[] {3}, new long[] {1})), new byte[3 * bytes]);

        assertThat(StateDict.parse(file).shape("w")).containsExactly(3);
        assertThatThrownBy(() -> StateDict.parse(file).floats("w")).hasMessageContaining("floating-point");
    }

    @Test
    void shouldReadViewsOfOneStorage() {
        // Given
        byte[] pickle = new PickleWriter()
                .emptyOrderedDict()
                .op('(')
                .text("even")
                .tensor("FloatStorage", "0", 6, 0, new long[] {3}, new long[] {2})
                .text("parameter")
                .global("torch._utils", "_rebuild_parameter")
                .tensor("FloatStorage", "0", 6, 2, new long[] {2, 2}, new long[] {1, 2})
                .op(0x88)
                .emptyOrderedDict()
                .op(0x87)
                .op('R')
                .text("empty")
                .tensor("FloatStorage", "0", 6, 0, new long[] {0, 9}, new long[] {9, 1})
                .op('u')
                .stop();

        // When
        StateDict read = StateDict.parse(file(pickle, SIX_FLOATS));

        // Then
        assertThat(read.floats("even")).isEqualTo(tensor(new long[] {3}, 0, 2, 4));
        assertThat(read.floats("parameter")).isEqualTo(tensor(new long[] {2, 2}, 2, 4, 3, 5));
        assertThat(read.floats("empty")).isEqualTo(tensor(new long[] {0, 9}));
    }

    @Test
    void shouldReadTheInstructionsOfLaterProtocols() {
        // Given a frame, short texts, a name from the stack, and values remembered in turn
        PickleWriter w = new PickleWriter().op(0x80).op(4).op(0x95).bytes(new byte[8]);
        w.op(0x8c).op(11).bytes("collections".getBytes(StandardCharsets.UTF_8)).op(0x94);
        w.op(0x8c).op(11).bytes("OrderedDict".getBytes(StandardCharsets.UTF_8)).op(0x94);
        w.op(0x93).op(0x94).op(')').op('R');
        w.op('h')
                .op(0)
                .tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1})
                .op('s');

        // When, Then
        assertThat(StateDict.parse(file(w.stop(), SIX_FLOATS)).names()).containsExactly("collections");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state_dict", "model_state_dict", "model"})
    void shouldTakeTheStateDictOutOfACheckpoint(String key) {
        byte[] pickle = new PickleWriter()
                .op('}')
                .op('(')
                .text("epoch")
                .op('K')
                .op(7)
                .text("best")
                .op('G')
                .bytes(new byte[8])
                .text("optimizer")
                .op('}')
                .text(key)
                .op('}')
                .text("w")
                .tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1})
                .op('s')
                .op('u')
                .stop();

        assertThat(StateDict.parse(file(pickle, SIX_FLOATS)).names()).containsExactly("w");
    }

    @ParameterizedTest
    @CsvSource({"posix,system", "builtins,eval", "torch.nn.modules.conv,Conv2d", "torch,Storage", "argparse,Namespace"})
    void shouldRefuseEveryOtherClassByName(String module, String name) {
        byte[] pickle = new PickleWriter()
                .global(module, name)
                .text("touch /tmp/x")
                .op(0x85)
                .op('R')
                .stop();

        assertRefused(file(pickle, SIX_FLOATS), module + "." + name, "torch.save(model.state_dict()");
    }

    /** Instructions that make objects of classes, or that no state dict has. */
    @ParameterizedTest
    @ValueSource(ints = {0x81, 0x92, 'i', 'o', 'P', 0x82, 'F', 'I', 'L', 'S', 'U', 'V', 'B', 0x8f, '0', '2'})
    void shouldRefuseEveryOtherInstruction(int code) {
        assertRefused(file(one(w -> w.op(code)), SIX_FLOATS), String.format("0x%02x", code));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7 | 0 | 6  | 1 | 6 elements, 24 bytes
            6 | 1 | 6  | 1 | within its storage
            6 | 0 | 7  | 1 | within its storage
            6 | 0 | 4  | 2 | within its storage
            6 | 0 | -1 | 1 | within its storage
            6 |-1 | 1  | 1 | within its storage
            6 | 0 | 2  |-1 | within its storage
            6 | 0 | 7  | 0 | within its storage
            6 | 0 | 9223372036854775807 | 9223372036854775807 | pickle
            9223372036854775807 | 0 | 6 | 1 | pickle
            -6 | 0 | 6 | 1 | 24 bytes
            """)
    void shouldRefuseATensorThatLies(long count, long offset, long size, long stride, String named) {
        byte[] pickle = one(w -> w.tensor("FloatStorage", "0", count, offset, new long[] {size}, new long[] {stride}));

        assertRefused(file(pickle, SIX_FLOATS), named.replace("6 elements, ", ""));
    }

    @Test
    void shouldRefuseAShapeThatDoesNotGoWithItsStrides() {
        long[] two = {2, 3};
        long[] one = {1};

        assertRefused(file(one(w -> w.tensor("FloatStorage", "0", 6, 0, two, one)), SIX_FLOATS), "[2, 3]");
        assertRefused(file(one(w -> w.tensor("FloatStorage", "0", 6, 0, one, two)), SIX_FLOATS), "[2, 3]");
    }

    @Test
    void shouldRefuseWhatIsNoStateDict() {
        PickleWriter list = new PickleWriter().op(']');
        PickleWriter selfish =
                new PickleWriter().op(']').op('q').op(0).op('h').op(0).op('a').op('Q');

        assertRefused(file(list.stop(), SIX_FLOATS), "no dictionary");
        assertRefused(file(one(w -> w.op('K').op(1)), SIX_FLOATS), "state dict entry w is no tensor");
        assertRefused(file(one(w -> w.op('K')), SIX_FLOATS), "pickle");
        assertRefused(file(one(w -> w.text("x").op('Q')), SIX_FLOATS), "pickled reference");
        assertRefused(file(selfish.stop(), SIX_FLOATS), "pickled reference");
        assertRefused(file(one(w -> w.op(')').op(')').op('R')), SIX_FLOATS), "pickled call");
        assertRefused(file(one(w -> w.op('}').op(']').op('N').op('s')), SIX_FLOATS), "key");
        assertRefused(
                file(one(w -> w.tensor("FloatStorage", "1", 6, 0, new long[] {6}, new long[] {1})), SIX_FLOATS),
                "zip entry archive/data/1 is missing");
    }

    @Test
    void shouldRefuseOtherForms() {
        byte[] legacy = little(16)
                .put((byte) 0x80)
                .put((byte) 2)
                .put((byte) 0x8a)
                .put((byte) 10)
                .array();
        Map<String, byte[]> bigEndian = new LinkedHashMap<>(Map.of("a/data.pkl", new byte[0]));
        bigEndian.put("a/byteorder", "big".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> Weights.parse(legacy)).hasMessageContaining("1.6");
        assertRefused(zip(bigEndian, ZipEntry.STORED), "byteorder");
        assertRefused(zip(Map.of("a/model.txt", new byte[3]), ZipEntry.STORED), "data.pkl");
        assertRefused(zip(Map.of("a/data.pkl", new byte[1 << 20]), ZipEntry.DEFLATED), "a/data.pkl is compressed");
        assertRefused(zip(Map.of("a/data.pkl", new byte[9 << 20]), ZipEntry.STORED), "a/data.pkl is 9437184 bytes");
    }

    @Test
    void shouldRefuseAFileThatIsTooLargeBeforeReadingIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("huge.pth");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 31);
        }

        assertThatThrownBy(() -> Weights.read(file)).hasMessageContainingAll("huge.pth", "2147483648 bytes");
    }

    @Test
    void shouldRefuseADamagedStorage() {
        byte[] file = file(one(w -> w.tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1})), SIX_FLOATS);
        int at = indexOf(file, SIX_FLOATS);
        file[at + 5] ^= 1;

        assertRefused(file, "zip entry archive/data/0 is damaged");
    }

    @Test
    void shouldRefuseEveryTruncation() {
        byte[] file = writtenByTorch();
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> Weights.parse(cut)).as("cut at " + length).isInstanceOf(EngineException.class);
        }
    }

    @Test
    void shouldRefuseOrReadAnyDamageAndNeverBreak() {
        byte[] file = writtenByTorch();
        byte[] pickle = one(w -> w.tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1}));
        Random random = new Random(5);
        for (int i = 0; i < 3_000; i++) {
            readOrRefuse(damaged(file, random));
            readOrRefuse(file(damaged(pickle, random), SIX_FLOATS));
        }
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] copy = bytes.clone();
        for (int i = 0; i <= random.nextInt(3); i++) {
            copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
        }
        return copy;
    }

    private static void readOrRefuse(byte[] file) {
        try {
            StateDict read = StateDict.parse(file);
            read.names().forEach(read::floats);
        } catch (EngineException refused) {
            assertThat(refused.kind()).isEqualTo(EngineException.Kind.CORRUPT_FILE);
        }
    }

    private static void assertRefused(byte[] file, String... named) {
        assertThatThrownBy(() -> StateDict.parse(file))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.CORRUPT_FILE))
                .hasMessageContainingAll(named);
    }

    private static HostTensor tensor(long[] shape, float... values) {
        return new HostTensor(shape, values);
    }

    /** The pickle of a state dict whose one entry {@code w} is what {@code value} writes. */
    private static byte[] one(UnaryOperator<PickleWriter> value) {
        return value.apply(new PickleWriter().emptyOrderedDict().text("w"))
                .op('s')
                .stop();
    }

    private static byte[] file(byte[] pickle, byte[] storage) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", pickle);
        entries.put("archive/data/0", storage);
        entries.put("archive/version", "3\n".getBytes(StandardCharsets.UTF_8));
        return zip(entries, ZipEntry.STORED);
    }

    private static byte[] zip(Map<String, byte[]> entries, int method) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> e : entries.entrySet()) {
                CRC32 crc = new CRC32();
                crc.update(e.getValue());
                ZipEntry entry = new ZipEntry(e.getKey());
                entry.setMethod(method);
                entry.setSize(e.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(e.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static int indexOf(byte[] file, byte[] part) {
        for (int at = 0; at <= file.length - part.length; at++) {
            if (Arrays.equals(file, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new IllegalStateException("not in the file");
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
