package dev.dsg.standalone.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.format.onnx.OnnxExport;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.platform.wire.Json;
import dev.dsg.standalone.Cli;
import dev.dsg.standalone.process.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as users give them, each a process of its own, on files as they come. */
final class ModelCommandTest {

    private static final Shape INPUT = Shape.of(3, 32, 32);
    private static final Graph NETWORK =
            new CifarResNet(20, Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(1)));
    private static final String VARIANCE = "layer1.0.bn1.running_var";

    @TempDir
    private Path folder;

    private String[] tail = {};

    private record Said(int exit, String text) {}

    @BeforeEach
    void makeHome() throws IOException {
        Files.createDirectory(folder.resolve("root"));
        tail = new String[] {"--home", folder.resolve("home").toString()};
    }

    @Test
    void shouldBringAnOnnxFileInListAndShowIt() throws Exception {
        // Given
        var onnx = write("model.onnx", OnnxExport.float32(NETWORK, INPUT));
        var labels = Files.write(
                folder.resolve("labels.txt"), List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", ""));
        String[] add = {"model", "add", "mine", "--onnx", onnx, "--labels", labels.toString(), "--licence", "MIT"};

        // When / Then
        assertThat(dsg(add)).isEqualTo(new Said(ExitCode.OK, """
                        mean [0.485, 0.456, 0.406], ImageNet's, for none was given
                        std [0.229, 0.224, 0.225], ImageNet's, for none was given
                        mine: 21 BatchNorm layers, 272,474 parameters, 40,813,184 multiply-adds an image; a forward pass is finite
                        models/mine/model.onnx is in the store
                        """));
        assertThat(dsg(add).text()).contains("mine was there already");
        assertThat(dsg("model", "list").text()).containsPattern("mine +onnx +\\[batch, 3, 32, 32] +10 +1\\.1 +MIT");
        var json = folder.resolve("mine.json");
        assertThat(dsg("model", "show", "mine", "--json", json.toString()).text())
                .containsPattern("layer1.0.conv1 +Conv 3x3 +\\[batch, 16, 32, 32] +2,304 +2,359,296")
                .contains("272,474 parameters, 21 BatchNorm layers", "0.082 GFLOP");
        assertThat(Files.readString(json)).contains("\"multiplyAdds\" : 40813184");
        // Weights of the same network have another card
        assertThat(dsg("model", "add", "mine", "--architecture", "resnet20-cifar", "--weights", weights(Map.of())))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(ExitCode.SYSTEM))
                .extracting(Said::text)
                .asString()
                .contains("another network called mine", "--replace");
    }

    @Test
    void shouldTellTheFormAndTheClassesOfWeights() throws Exception {
        // When
        var said = dsg(
                "model",
                "add",
                "weights",
                "--architecture",
                "resnet20-cifar",
                "--weights",
                weights(Map.of()),
                "--mean=0.5,0.5,0.5",
                "--std=0.25,0.25,0.25",
                "--resize=36",
                "--crop=32");

        // Then
        assertThat(said.text()).contains("classes 0 to 9", "models/weights/model.safetensors is in the store");
        var stored = folder.resolve("home/system/store/dsg")
                .resolve(StoreLayout.modelCard("weights").toString());
        var card = Json.parse(Files.readAllBytes(stored), ModelCard.class);
        assertThat(card.architecture()).isEqualTo("resnet20-cifar");
        assertThat(card.mean()).containsExactly(0.5, 0.5, 0.5);
        assertThat(card.geometry().resize()).isEqualTo(36);
    }

    @Test
    void shouldSayWhatToDoAboutFoldedBatchNorm() throws Exception {
        var folded = OnnxExport.float32(new BatchNormFolding(0).fold(NETWORK), INPUT);

        assertRefused(onnx(folded), "NO_BATCH_NORM: ", "torch.onnx.export(..., training=TrainingMode.PRESERVE");
    }

    @Test
    void shouldNameTheNodeOfAnOperatorThatItDoesNotKnow() throws Exception {
        var file = changed(text -> text.replaceFirst("\"\u0004Relu", "\"\u0004Sinh"));

        assertRefused(onnx(file), "UNSUPPORTED_OPERATOR: node relu1 (Sinh) is an operator that the engine does not");
    }

    @Test
    void shouldAskForAShapeThatTheFileLeavesOpen() throws Exception {
        // Given a file without height and width
        var file = changed(text -> text.replaceFirst(
                "\n\u0002\b\u0003\n\u0002\b \n\u0002\b ", "\n\u0002\b\u0003\n\u0002\u0012\0\n\u0002\u0012\0"));
        var path = write("open.onnx", file);

        // When / Then
        assertRefused(List.of("--onnx", path), "UNRESOLVED_SHAPE: input input is [?, 3, ?, ?]", "--input");
        assertThat(dsg("model", "add", "x", "--onnx", path, "--input", "3x32x32")
                        .exit())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void shouldRefuseValuesOutsideTheFolderOfTheFile() throws Exception {
        // Given a weight that names another file, in the same number of bytes
        Files.write(folder.resolve("secret.bin"), new byte[64]);

        assertRefused(
                onnx(external("../secret.bin")),
                "CORRUPT_FILE: tensor w external_data is ../secret.bin, expected a file inside the model's folder");
    }

    @Test
    void shouldRunNothingThatAPickleNames() throws Exception {
        var pickle = "\u0080\u0002cos\nsystem\n(X\u0005\0\0\0touchtR.";
        var file = folder.resolve("evil.pth");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            stored(zip, "archive/data.pkl", pickle.getBytes(ISO_8859_1));
            stored(zip, "archive/version", "3\n".getBytes(ISO_8859_1));
        }

        assertRefused(
                List.of("--architecture", "resnet20-cifar", "--weights", file.toString()),
                "CORRUPT_FILE: ",
                "os.system");
    }

    @Test
    void shouldNotBelieveHeaders() throws Exception {
        var lying = Files.readAllBytes(Path.of(weights(Map.of())));
        lying[3] = 0x7f;

        assertRefused(
                List.of("--architecture", "resnet20-cifar", "--weights", write("lying.safetensors", lying)),
                "CORRUPT_FILE: header length is ");
    }

    @Test
    void shouldNameTheTensorWithABadValue() throws Exception {
        var nan = NETWORK.initializers().get(VARIANCE).values().clone();
        nan[2] = Float.NaN;
        var negative = nan.clone();
        negative[2] = -1;

        assertRefused(
                List.of("--architecture", "resnet20-cifar", "--weights", weights(Map.of(VARIANCE, nan))),
                "CORRUPT_FILE: tensor " + VARIANCE + " is NaN, expected finite values");
        assertRefused(
                List.of("--architecture", "resnet20-cifar", "--weights", weights(Map.of(VARIANCE, negative))),
                "CORRUPT_FILE: tensor " + VARIANCE + " is -1.0, expected running variances");
    }

    @Test
    void shouldCountTheLabels() throws Exception {
        var file = write("model.onnx", OnnxExport.float32(NETWORK, INPUT));

        assertRefused(
                List.of("--onnx", file, "--labels", "cat,dog"),
                "INVALID_FIELD: labels is \"2 names\", expected 10, one for each output of the network");
    }

    @Test
    void shouldSayHowItIsUsed() throws Exception {
        assertRefused(List.of(), "either --onnx FILE, or --architecture NAME and --weights FILE");
        assertRefused(List.of("--onnx", "nowhere.onnx"), "--onnx: cannot read nowhere.onnx");
        assertRefused(
                List.of("--architecture", "resnet99", "--weights", weights(Map.of())),
                "UNKNOWN_ARCHITECTURE: architecture is resnet99, expected one of [");
    }

    private void assertRefused(List<String> options, String... parts) throws Exception {
        var arguments = new java.util.ArrayList<>(List.of("model", "add", "x"));
        arguments.addAll(options);
        var said = dsg(arguments.toArray(String[]::new));
        assertThat(said.text()).contains(parts).doesNotContain("\tat ");
        assertThat(said.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(folder.resolve("home")).as("nothing was stored").doesNotExist();
    }

    private Said dsg(String... arguments) throws Exception {
        var all = Arrays.copyOf(arguments, arguments.length + tail.length, Object[].class);
        System.arraycopy(tail, 0, all, arguments.length, tail.length);
        var output = Files.createTempFile(folder, "said", ".txt");
        var jvm = new Jvm(
                "-XX:TieredStopAtLevel=1", "-Ddsg.root=" + folder.resolve("root"), "-XX:+UseSerialGC", "-Xmx512m");
        var builder = new ProcessBuilder(jvm.main(Cli.class.getName(), all))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("CLASSPATH", Jvm.classPath());
        builder.environment().put("DSG_TENSOR_PROCESS", "1");
        var exit = builder.start().waitFor();
        return new Said(exit, Files.readString(output));
    }

    private List<String> onnx(byte[] file) throws IOException {
        return List.of("--onnx", write("bad.onnx", file));
    }

    private String write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toString();
    }

    private String weights(Map<String, float[]> changes) throws IOException {
        var tensors = new LinkedHashMap<>(NETWORK.initializers());
        changes.forEach((name, values) -> tensors.put(name, new HostTensor(new long[] {values.length}, values)));
        var file = new SafetensorsWriter();
        tensors.forEach(file::floats);
        return write("weights" + changes.hashCode() + ".safetensors", file.toBytes());
    }

    private static byte[] changed(UnaryOperator<String> change) {
        var text = new String(OnnxExport.float32(NETWORK, INPUT), ISO_8859_1);
        var after = change.apply(text);
        assertThat(after).isNotEqualTo(text).hasSameSizeAs(text);
        return after.getBytes(ISO_8859_1);
    }

    /** A model of one convolution whose weight lies in another file, by the field numbers of {@code onnx.proto}. */
    private static byte[] external(String location) {
        var dims = "\b\u0001\b\u0003\b\u0001\b\u0001";
        var place = message(13, message(1, "location") + message(2, location));
        var tensor = message(5, dims + "\u0010\u0001" + message(8, "w") + place + "\u0070\u0001");
        var node = message(1, message(1, "x") + message(1, "w") + message(2, "y") + message(4, "Conv"));
        var shape = message(
                2, message(1, "\b\u0001") + message(1, "\b\u0003") + message(1, "\b\u0008") + message(1, "\b\u0008"));
        var input = message(11, message(1, "x") + message(2, message(1, "\b\u0001" + shape)));
        var output = message(12, message(1, "y"));
        var opset = message(8, message(1, "") + "\u0010\r");
        return (message(7, node + tensor + input + output) + opset).getBytes(ISO_8859_1);
    }

    private static String message(int field, String content) {
        return (char) (field << 3 | 2) + varint(content.length()) + content;
    }

    private static String varint(int value) {
        return value < 128 ? "" + (char) value : (char) (value & 127 | 128) + varint(value >> 7);
    }

    private static void stored(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        var crc = new CRC32();
        crc.update(bytes);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
