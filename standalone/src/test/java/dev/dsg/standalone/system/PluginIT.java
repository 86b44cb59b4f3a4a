package dev.dsg.standalone.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.result.RunReport;
import dev.dsg.engine.synthesis.Parameterization;
import dev.dsg.platform.wire.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A generator that starts with the plug-in of the manual, as its readers make it. */
@ExtendWith(TestSystem.Resolver.class)
@Timeout(600)
final class PluginIT {

    private static final String RUN = "run --model untrained --dataset noise --test-batch-size 50 --images 8"
            + " --batch-size 8 --iterations 3 --set synthesis.parameterization=";

    private final TestSystem world;

    @TempDir
    private Path folder;

    @TempDir
    private Path plugins;

    private CommandLine commandLine;

    PluginIT(TestSystem world) {
        this.world = world;
    }

    @BeforeEach
    void haveTheGeneratorStartedAnewWithThePlugin() throws Exception {
        pack(compiled(manual()));
        commandLine = new CommandLine(world, folder, Map.of("DSG_PLUGINS", plugins.toString()));
        // The command starts again whatever it finds dead.
        world.kill("generator");
    }

    @AfterEach
    void haveTheGeneratorStartedAnewWithoutIt() {
        world.kill("generator");
        assertThat(world.system().revive()).containsExactly("generator");
        world.system().awaitServices();
    }

    @Test
    void shouldRunJobsThatNameAPlugin() throws Exception {
        // When
        var json = folder.resolve("out.json");
        var exit = commandLine.finish(RUN + "flat --json " + json);

        // Then its images are of one colour each
        assertThat(exit).as(commandLine.output()).isZero();
        var report =
                Json.parse(Files.readAllBytes(json), RunReport.class).jobs().getFirst();
        assertThat(report.synthesis().parameterization()).isEqualTo("flat");
        var images = world.images(report.jobId());
        assertThat(images.shape()).containsExactly(8, 3, 32, 32);
        for (var i = 0; i < images.values().length; i++) {
            assertThat(images.values()[i]).isEqualTo(images.values()[i - i % (32 * 32)]);
        }
    }

    @Test
    void shouldNameThePluginsThereAreToWhoeverNamesAnother() throws Exception {
        assertThat(commandLine.finish(RUN + "crystals")).isEqualTo(1);

        assertThat(commandLine.output())
                .contains("INVALID_FIELD")
                .contains("synthesis.parameterization is \"crystals\", expected one of flat, latents, pixels");
    }

    private static String manual() throws IOException {
        var page = Files.readString(TestSystem.ROOT.resolve("docs/plugins.md"));
        var code = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(code.find()).as("code in the manual").isTrue();
        return code.group(1);
    }

    /** Compiles against nothing but the engine, and returns the folder of classes. */
    private Path compiled(String code) throws Exception {
        var source = Files.writeString(folder.resolve("Flat.java"), code);
        var classes = Files.createDirectory(folder.resolve("classes"));
        var engine = Path.of(Parameterization.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        var said = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var options = List.of("-proc:none", "-cp", engine.toString(), "-d", classes.toString());
            var task = compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(source));
            assertThat(task.call()).as(said.toString()).isTrue();
        }
        return classes;
    }

    private void pack(Path classes) throws IOException {
        try (var jar = new JarOutputStream(Files.newOutputStream(plugins.resolve("flat.jar")));
                var files = Files.walk(classes)) {
            jar.putNextEntry(new JarEntry("META-INF/services/" + Parameterization.class.getName()));
            jar.write("example.Flat\n".getBytes(UTF_8));
            for (var file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                jar.write(Files.readAllBytes(file));
            }
        }
    }
}
