package dev.dsg.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.engine.format.onnx.reading.OnnxImport;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code docs/models.md} lists is what there is. Where it is not, the failure shows what to write there. */
class ModelsPageTest {

    private static String page;

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(Path.of(System.getProperty("dsg.root"), "docs", "models.md"));
    }

    @Test
    void shouldListEveryArchitecture() {
        String rows = Architectures.names().stream().map(ModelsPageTest::row).collect(Collectors.joining("\n"));

        assertThat(page).contains(rows);
    }

    @Test
    void shouldListEveryOperator() {
        assertThat(page.replaceAll("\\s+", " ")).contains(": " + String.join(", ", OnnxImport.operators()) + ".");
    }

    private static String row(String architecture) {
        int classes = architecture.contains("-cifar") ? 10 : 1000;
        Shape input = Architectures.input(architecture);
        NetworkProfile profile = NetworkProfile.of(
                Architectures.networks(architecture, classes).getFirst().build(ModelsPageTest::zeros), input);
        return String.format(
                Locale.ROOT,
                "| `%s` | %d | %d | %,d | %d | %,d |",
                architecture,
                input.height(),
                classes,
                profile.parameters(),
                profile.batchNorms(),
                profile.multiplyAdds());
    }

    private static HostTensor zeros(String name, long... shape) {
        return new HostTensor(
                shape, new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))]);
    }
}
