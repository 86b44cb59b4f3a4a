package dev.dsg.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher script, in a project of empty modules, with a Maven and a JDK that only say what they were asked. */
class LauncherTest {
    private static final Path SCRIPT = Path.of(System.getProperty("dsg.root"), "dsg");
    private static final String ALL =
            "generator-service,quantizer-service,evaluator-service,gateway-service,standalone";

    @TempDir
    private Path folder;

    private Path root;
    private Path tools;
    private Path jvms;

    private record Outcome(int status, String said, String complained) {}

    @BeforeEach
    void setUp() throws IOException {
        root = Files.createDirectories(folder.resolve("a project"));
        tools = Files.createDirectories(folder.resolve("tools"));
        jvms = Files.createDirectories(folder.resolve("jvms"));
        // The script as it is, but that it looks for JDKs here.
        executable(root.resolve("dsg"), Files.readString(SCRIPT).replace("/usr/lib/jvm/", jvms + "/"));
        write(root.resolve("pom.xml"), "");
        for (String module : Stream.concat(
                        Stream.of("contracts", "engine", "embedded", "platform"), Stream.of(ALL.split(",")))
                .toList()) {
            write(root.resolve(module).resolve("pom.xml"), "");
            write(root.resolve(module).resolve("src/main/java/A.java"), "");
        }
        for (String tool : "sh cat date dirname find grep head mkdir mv readlink rm sed sleep tail touch".split(" ")) {
            executable(tools.resolve(tool), "#!/bin/sh\nexec " + locate(tool) + " \"$@\"\n");
        }
        executable(tools.resolve("mvn"), """
                #!/bin/sh
                echo "$*" >>"$ASKED"
                echo "[INFO] Building dsg 0.1.0 [1/9]"
                [ ! -e "$BROKEN" ] || { echo "[ERROR] it is broken"; exit 1; }
                printf x >"$PROJECT/standalone/target/classpath.txt"
                """);
        jdk("jdk-25", "25.0.3");
    }

    @Test
    void shouldBuildEverythingOnceAndThenOnlyRun() throws Exception {
        // When
        Outcome first = launch("jobs");
        Outcome second = launch("jobs");

        // Then
        assertThat(first.status()).isZero();
        assertThat(first.complained()).contains("dsg: building").contains("dsg: built in");
        assertThat(second.complained()).isEmpty();
        assertThat(asked())
                .hasSize(1)
                .first()
                .asString()
                .contains("-pl " + ALL + " -am")
                .endsWith("package");
    }

    @Test
    void shouldRebuildOnlyTheServiceThatChanged() throws Exception {
        launch("jobs");
        change("quantizer-service/src/main/java/A.java");
        launch("jobs");
        assertThat(asked().getLast()).contains("-pl quantizer-service -am");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "engine/pom.xml", "contracts/src/main/java/A.java"})
    void shouldRebuildEverythingWhenSomethingSharedChanged(String file) throws Exception {
        launch("jobs");
        change(file);
        launch("jobs");
        assertThat(asked()).hasSize(2);
        assertThat(asked().getLast()).contains("-pl " + ALL + " -am");
    }

    @Test
    void shouldNotRebuildForATest() throws Exception {
        launch("jobs");
        write(root.resolve("engine/src/test/java/ATest.java"), "");
        change("engine/src/test/java/ATest.java");
        launch("jobs");
        assertThat(asked()).hasSize(1);
    }

    @Test
    void shouldRunInTheCallersFolderWithTheCallersWords() throws Exception {
        // Given
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("d"), Path.of("../a project/dsg"));

        // When
        Outcome outcome = run(elsewhere, Map.of(), link.toString(), "submit", "my job.json", "*");

        // Then
        assertThat(outcome.said())
                .contains("folder=" + elsewhere.toRealPath() + "\n")
                .contains("-Ddsg.root=" + root.toRealPath() + "\n")
                .endsWith("dev.dsg.standalone.Cli\nsubmit\nmy job.json\n*\n");
    }

    @Test
    void shouldPassOnTheExitStatusOfTheCommandAndOfTheTests() throws Exception {
        assertThat(run(root, Map.of("STATUS", "7"), script(), "run").status()).isEqualTo(7);
        write(folder.resolve("broken"), "");
        assertThat(launch("test").status()).isEqualTo(1);
    }

    @Test
    void shouldShowTheEndOfTheLogAndRunNothingWhenTheBuildFails() throws Exception {
        // Given
        write(folder.resolve("broken"), "");

        // When
        Outcome outcome = launch("run");

        // Then
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.said()).isEmpty();
        assertThat(outcome.complained()).contains("[ERROR] it is broken", "the build failed");

        // When
        Files.delete(folder.resolve("broken"));

        // Then
        assertThat(launch("run").status()).isZero();
    }

    @Test
    void shouldHandTestsToMavenAndCountThemAsABuild() throws Exception {
        // When
        Outcome outcome = launch("test");
        launch("jobs");

        // Then
        assertThat(outcome.said()).contains("[INFO] Building dsg");
        assertThat(asked()).hasSize(1).first().asString().endsWith("verify");
    }

    @Test
    void shouldHandArgumentsOfTestsOn() throws Exception {
        launch("test", "-pl", "contracts");
        assertThat(asked().getLast()).endsWith("verify -pl contracts");
    }

    @Test
    void shouldTakeALockFromTheDead() throws Exception {
        // Given
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        write(root.resolve("target/.lock/pid"), Long.toString(dead.pid()));

        // Then
        assertThat(launch("jobs").status()).isZero();
        assertThat(root.resolve("target/.lock")).doesNotExist();
    }

    @Test
    void shouldPreferJavaHomeAndSkipWhatIsTooOld() throws Exception {
        // Given
        Path chosen = jdk("my-jdk", "26");
        Path old = jdk("jdk-17", "17.0.15");

        // Then
        assertThat(run(root, Map.of("JAVA_HOME", chosen.toString()), script()).said())
                .contains("java=" + chosen);
        assertThat(run(root, Map.of("JAVA_HOME", old.toString()), script()).said())
                .contains("java=" + jvms.resolve("jdk-25"));
    }

    @Test
    void shouldSayWhatToInstallWithoutAJdk() throws Exception {
        // Given
        Files.delete(jvms.resolve("jdk-25/bin/javac"));

        // When
        Outcome outcome = launch("run");

        // Then
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.complained()).contains("no JDK 25", "apt-get install", "brew install openjdk@25");
    }

    @Test
    void shouldSayWhatToInstallWithoutMaven() throws Exception {
        // Given
        Files.delete(tools.resolve("mvn"));

        // When
        Outcome outcome = launch("run");

        // Then
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.complained()).contains("no Maven", "3.8.7", "apt-get install maven", "brew install maven");
    }

    private Outcome launch(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(script()));
        command.addAll(List.of(words));
        return run(root, Map.of(), command.toArray(String[]::new));
    }

    private Outcome run(Path directory, Map<String, String> environment, String... command) throws Exception {
        Path said = Files.createTempFile(folder, "said", "");
        Path complained = Files.createTempFile(folder, "complained", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(said.toFile())
                .redirectError(complained.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH", tools.toString(),
                        "PROJECT", root.toString(),
                        "HOME", folder.toString(),
                        "ASKED", folder.resolve("asked").toString(),
                        "BROKEN", folder.resolve("broken").toString()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(said), Files.readString(complained));
    }

    private String script() {
        return root.resolve("dsg").toString();
    }

    private List<String> asked() throws IOException {
        return Files.readAllLines(folder.resolve("asked"));
    }

    private void change(String file) throws IOException {
        Files.setLastModifiedTime(
                root.resolve(file), FileTime.from(Instant.now().plusSeconds(5)));
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = jvms.resolve(name);
        write(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        executable(home.resolve("bin/javac"), "#!/bin/sh\n");
        executable(home.resolve("bin/java"), """
                #!/bin/sh
                printf 'java=%s\\nfolder=%s\\n' "$0" "$PWD"
                printf '%s\\n' "$@"
                exit ${STATUS:-0}
                """);
        return home;
    }

    private static Path locate(String tool) {
        return Stream.of("/usr/bin", "/bin")
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + tool + " here"));
    }

    private static void executable(Path file, String text) throws IOException {
        write(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
