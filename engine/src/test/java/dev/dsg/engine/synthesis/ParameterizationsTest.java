package dev.dsg.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plug-ins as users make them: compiled against the engine alone, packed into jars, laid into a folder. */
class ParameterizationsTest {

    private static final Graph NETWORK =
            new CifarResNet(8, Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(1)));

    /** Images of one colour each: a leaf for every image and channel. */
    private static final String FLAT = """
            package example;

            import dev.dsg.engine.synthesis.*;
            import dev.dsg.engine.tensor.*;

            public class %s implements Parameterization {
                public String name() {
                    return %s;
                }

                public TrainableImages begin(Canvas canvas) {
                    float[] start = new float[canvas.count() * canvas.channels()];
                    for (int i = 0; i < start.length; i++) {
                        start[i] = (float) canvas.random().nextGaussian();
                    }
                    AdamLeaf colours = new AdamLeaf(start, canvas.count(), canvas.channels(), 1, 1);
                    return new TrainableImages() {
                        public Tensor draw() {
                            return %s;
                        }

                        public void step(double rate, int iteration) {
                            colours.step(rate);
                        }

                        public void close() {
                            colours.close();
                        }
                    };
                }
            }
            """;

    private static final String DRAW = "colours.value().enlarge(canvas.height())";

    @TempDir
    Path folder;

    @Test
    void shouldSynthesizeWithWhatAJarBrings() throws IOException {
        // Given
        plugin("flat.jar", "Flat", "\"flat\"", DRAW);

        // When
        Parameterizations all = Parameterizations.load(folder);
        SyntheticBatch start = synthesize(all, "flat", 0);
        SyntheticBatch batch = synthesize(all, "flat", 12);

        // Then
        assertThat(all.names()).containsExactly("flat", "latents", "pixels");
        assertThat(batch.diagnostics().get("loss.last"))
                .isLessThan(start.diagnostics().get("loss.last"));
        assertThat(batch.toSafetensors()).isEqualTo(synthesize(all, "flat", 12).toSafetensors());
        float[] pixels = batch.images().values();
        for (int i = 0; i < 8 * 8; i++) {
            assertThat(pixels[i]).isEqualTo(pixels[0]);
        }
    }

    @Test
    void shouldHaveTheEnginesOwnAlone() {
        assertThat(Parameterizations.load(folder).names()).isEqualTo(Parameterizations.BUILT_IN.names());
    }

    @Test
    void shouldRefuseTwoOfOneName() throws IOException {
        plugin("a.jar", "Flat", "\"flat\"", DRAW);
        plugin("b.jar", "Plain", "\"flat\"", DRAW);

        assertRefused("flat, the name of both example.Flat of " + folder.resolve("a.jar"), "example.Plain of", "b.jar");
    }

    @Test
    void shouldRefuseTheNameOfOneOfTheEnginesOwn() throws IOException {
        plugin("flat.jar", "Flat", "\"pixels\"", DRAW);

        assertRefused("pixels, the name of both dev.dsg.engine.synthesis.Pixels", "example.Flat of", "flat.jar");
    }

    @Test
    void shouldRefuseANameThatSettingsCannotGive() throws IOException {
        plugin("flat.jar", "Flat", "\"Flat images\"", DRAW);

        assertRefused("Flat images, the name of example.Flat of", "lower-case letters");
    }

    @Test
    void shouldRefuseAProviderThatIsNotThere() throws IOException {
        jar("flat.jar", "example.Missing", List.of());

        assertRefused("example.Missing", folder.toString());
    }

    @Test
    void shouldRefuseAProviderThatFails() throws IOException {
        plugin(
                "flat.jar",
                "Flat",
                "\"flat\"; }\n public Flat() { throw new IllegalStateException(\"no licence\")",
                DRAW);

        assertRefused("example.Flat", "no licence");
    }

    @Test
    void shouldRefuseAFileThatIsNoJar() throws IOException {
        Files.writeString(folder.resolve("flat.jar"), "not a jar");

        assertRefused(folder.resolve("flat.jar").toString());
    }

    @Test
    void shouldRefuseAFolderThatIsNone() {
        assertThatThrownBy(() -> Parameterizations.load(folder.resolve("nowhere")))
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e.field()).isEqualTo("plugins");
                    assertThat(e.value()).endsWith("nowhere");
                    assertThat(e.expected()).isEqualTo("a folder of jars");
                });
    }

    @Test
    void shouldRefuseImagesOfAnotherShape() throws IOException {
        plugin("flat.jar", "Flat", "\"flat\"", "colours.value()");

        Parameterizations all = Parameterizations.load(folder);

        assertThatThrownBy(() -> synthesize(all, "flat", 1))
                .hasMessageContaining("flat, with images of shape [4, 3, 1, 1], expected [4, 3, 8, 8]");
    }

    @Test
    void shouldRefuseToTrainWhatDependsOnNoLeaf() throws IOException {
        plugin("flat.jar", "Flat", "\"flat\"", DRAW + ".detach()");

        Parameterizations all = Parameterizations.load(folder);

        assertThat(synthesize(all, "flat", 0).images().shape()).containsExactly(4, 3, 8, 8);
        assertThatThrownBy(() -> synthesize(all, "flat", 1)).hasMessageContaining("no leaf has a part in");
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> Parameterizations.load(folder)).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.INVALID_SETTING);
            assertThat(e.field()).isEqualTo("plugins");
            assertThat(e.getMessage()).contains(parts);
        });
    }

    private static SyntheticBatch synthesize(Parameterizations all, String name, int iterations) {
        SynthesisSettings settings = new SynthesisSettings(
                Initialization.GAUSSIAN,
                iterations,
                0.1,
                100,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                name,
                Statistics.IMAGE,
                false,
                0.01);
        try (Synthesizer synthesizer = new Synthesizer(NETWORK, all, 3, 8, 8)) {
            return synthesizer.synthesize(
                    settings, Margins.none(synthesizer.layers()), 1, 0, 0, 4, ProgressListener.NONE);
        }
    }

    private void plugin(String jar, String type, String name, String draw) throws IOException {
        Path classes = Files.createDirectories(folder.resolve(jar + ".classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = List.of("-d", classes.toString(), "-proc:none", "-classpath", engine());
        boolean compiled = compiler.getTask(
                        null, null, null, options, null, List.of(source(type, FLAT.formatted(type, name, draw))))
                .call();
        assertThat(compiled).isTrue();
        try (var files = Files.list(classes.resolve("example"))) {
            jar(jar, "example." + type, files.toList());
        }
    }

    private static String engine() {
        return Path.of(URI.create(Parameterization.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString();
    }

    private static SimpleJavaFileObject source(String type, String code) {
        return new SimpleJavaFileObject(
                URI.create("memory:///example/" + type + ".java"), javax.tools.JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return code;
            }
        };
    }

    private void jar(String name, String provider, List<Path> classes) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            jar.putNextEntry(new JarEntry("META-INF/services/" + Parameterization.class.getName()));
            jar.write(provider.getBytes(StandardCharsets.UTF_8));
            for (Path file : classes) {
                jar.putNextEntry(new JarEntry("example/" + file.getFileName()));
                jar.write(Files.readAllBytes(file));
            }
        }
    }
}
