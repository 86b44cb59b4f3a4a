package dev.dsg.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.graph.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

    @Test
    void shouldReadWhatIsWritten() {
        // Given
        HostTensor floats = new HostTensor(new long[] {2, 2}, new float[] {1, -2.5f, Float.MIN_VALUE, 3e30f});
        byte[] file = new SafetensorsWriter()
                .metadata("b", 2)
                .metadata("a", "one")
                .floats("f", floats)
                .int8("i", new long[] {3}, new byte[] {-8, 0, 7})
                .uint8("u", new long[] {2}, new byte[] {(byte) 200, 1})
                .int32("n", new long[] {1}, new int[] {-123456})
                .toBytes();

        // When
        Safetensors read = Safetensors.parse(file);

        // Then
        assertThat(read.names()).containsExactly("f", "i", "u", "n");
        assertThat(read.metadata()).containsEntry("a", "one").containsEntry("b", "2");
        assertThat(read.floats("f")).isEqualTo(floats);
        assertThat(read.bytes("i")).containsExactly(-8, 0, 7);
        assertThat(read.bytes("u")).containsExactly(200, 1);
        assertThat(read.ints("n")).containsExactly(-123456);
        assertThat(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8)
                .isZero();
    }

    @Test
    void shouldReadHalfPrecisionAndDouble() {
        byte[] data = ByteBuffer.allocate(2 + 2 + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x3e00) // 1.5 in binary16
                .putShort((short) 0xc0a0) // -5 in bfloat16
                .putDouble(0.1)
                .array();
        Safetensors read = Safetensors.parse(file("""
                {"h":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},
                 "b":{"dtype":"BF16","shape":[],"data_offsets":[2,4]},
                 "d":{"dtype":"F64","shape":[1],"data_offsets":[4,12]}}""", data));

        assertThat(read.floats("h").values()).containsExactly(1.5f);
        assertThat(read.floats("b").values()).containsExactly(-5);
        assertThat(read.floats("d").values()).containsExactly(0.1f);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}                                        | data_offsets
            {"x":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}                                        | data_offsets
            {"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}                                       | data_offsets
            {"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}                                       | data_offsets
            {"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}                                        | gap
            {"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}                                        | data
            {"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}                                       | shape
            {"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}                    | shape
            {"x":{"dtype":"F8","shape":[8],"data_offsets":[0,8]}}                                         | dtype
            {"x":{"dtype":"F32","shape":[2]}}                                                             | incomplete
            {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"y":1}}                                  | y
            {"x":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"z":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}} | overlap
            {"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"x":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}} | twice
            [1,2]                                                                                         | header
            {"x":                                                                                         | header
            {} trailing                                                                                   | header
            """)
    void shouldRefuseALyingHeader(String header, String named) {
        assertThatThrownBy(() -> Safetensors.parse(file(header, new byte[8])))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.CORRUPT_FILE))
                .hasMessageContaining(named);
    }

    @Test
    void shouldRefuseEveryTruncation() {
        byte[] file = new SafetensorsWriter()
                .floats("weight", new HostTensor(new long[] {4}, new float[] {1, 2, 3, 4}))
                .toBytes();
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> Safetensors.parse(cut))
                    .as("cut at " + length)
                    .isInstanceOf(EngineException.class);
        }
    }

    @Test
    void shouldRefuseOrReadAnyDamageAndNeverBreak() {
        byte[] file = new SafetensorsWriter()
                .metadata("k", "v")
                .floats("weight", new HostTensor(new long[] {4}, new float[] {1, 2, 3, 4}))
                .toBytes();
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = file.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            try {
                Safetensors read = Safetensors.parse(damaged);
                read.names().forEach(read::shape);
            } catch (EngineException refused) {
                assertThat(refused.kind()).isEqualTo(EngineException.Kind.CORRUPT_FILE);
            }
        }
    }

    @Test
    void shouldNameAMissingTensor() {
        Safetensors empty = Safetensors.parse(file("{}", new byte[0]));

        assertThatThrownBy(() -> empty.floats("conv1.weight")).hasMessageContaining("conv1.weight");
    }

    private static byte[] file(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data)
                .array();
    }
}
