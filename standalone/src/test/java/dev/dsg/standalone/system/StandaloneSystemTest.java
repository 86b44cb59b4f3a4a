package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dsg.contracts.Topics;
import dev.dsg.standalone.Cli;
import dev.dsg.standalone.SystemProblem;
import dev.dsg.standalone.process.Jvm;
import dev.dsg.standalone.process.Liveness;
import dev.dsg.standalone.system.StandaloneSystem.Stay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real broker and the real store, and services of which only the processes are real. */
final class StandaloneSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    private Path root;
    private Home home;

    @BeforeEach
    void build() throws IOException {
        root = folder.resolve("root");
        home = new Home(folder.resolve("home"));
        StubService.build(root);
    }

    @AfterEach
    void leaveNothingBehind() {
        new StandaloneSystem(home, root).stop();
    }

    @Test
    void shouldBeFoundMendedAndStoppedByLaterCommands() throws Exception {
        // Given
        var first = new StandaloneSystem(home, root);
        assertThat(first.start(Stay.UNTIL_STOPPED, 2, Ports.FREE)).isTrue();
        first.awaitServices();
        assertThat(names())
                .containsExactly("broker", "store", "generator-1", "generator-2", "quantizer", "evaluator", "gateway");
        try (var admin = Admin.create(Map.of("bootstrap.servers", first.access().bootstrapServers()))) {
            assertThat(admin.listTopics().names().get()).containsAll(Topics.ALL);
        }

        // When two processes are killed
        var before = record();
        kill("broker");
        kill("quantizer");

        // Then another command finds the system and starts them again, where they were
        var second = new StandaloneSystem(home, root);
        assertThat(second.find()).contains(first.access());
        assertThat(second.start(Stay.WITH_US, 1, Ports.FREE))
                .as("started by it")
                .isFalse();
        second.awaitServices();
        assertThat(record().dead()).isEmpty();
        assertThat(record().access()).isEqualTo(before.access());
        assertThat(record().member("broker").port())
                .isEqualTo(before.member("broker").port());
        assertThat(record().member("store").process())
                .isEqualTo(before.member("store").process());

        // When / Then
        assertThat(new StandaloneSystem(home, root).stop()).isEqualTo(7);
        assertThat(processes()).isEmpty();
        assertThat(new StandaloneSystem(home, root).find()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"broker", "generator"})
    void shouldLeaveNothingBehindWhenItsStartIsInterrupted(String moment) throws Exception {
        // Given a command that is starting it
        var command = command();
        awaitMember(command, moment);

        // When
        command.destroy();

        // Then
        assertThat(command.waitFor(PATIENCE)).isTrue();
        assertThat(processes()).isEmpty();
        assertThat(home.record()).doesNotExist();
    }

    @Test
    void shouldSurviveTheCommandThatStartedItAndStopWithoutIt() throws Exception {
        // Given a command that was killed when it had half of the system
        var command = command();
        awaitMember(command, "generator");
        command.destroyForcibly().waitFor();
        assertThat(processes()).isNotEmpty();

        // When / Then
        assertThat(new StandaloneSystem(home, root).stop()).isPositive();
        assertThat(processes()).isEmpty();
    }

    @Test
    void shouldReplaceWhatARunThatWasKilledLeftBehind() throws Exception {
        // Given a system that was to end with its owner, who died
        var owner = new ProcessBuilder("sleep", "60").start();
        var file = new SystemFile(home.record());
        var first = new StandaloneSystem(home, root);
        first.start(Stay.WITH_US, 1, Ports.FREE);
        var left = record();
        file.write(new SystemRecord(ProcessId.of(owner.toHandle()), left.access(), left.workers(), left.members()));
        var refused = new StandaloneSystem(home, root);
        assertThatThrownBy(() -> refused.start(Stay.WITH_US, 1, Ports.FREE))
                .isInstanceOf(SystemProblem.class)
                .hasMessageContaining("belongs to another `dsg run` (pid " + owner.pid() + ")");
        refused.stopOwn();
        assertThat(left.members()).as("what is not its own").allMatch(member -> member.process()
                .alive());
        owner.destroyForcibly().waitFor();

        // When
        var started = new StandaloneSystem(home, root).start(Stay.UNTIL_STOPPED, 1, Ports.FREE);

        // Then
        assertThat(started).isTrue();
        assertThat(left.members()).noneMatch(member -> member.process().alive());
        assertThat(record().dead()).isEmpty();
    }

    @Test
    void shouldNotLetACommandWaitForTheGateway() throws Exception {
        // Given
        var system = new StandaloneSystem(home, root);
        system.start(Stay.WITH_US, 1, Ports.FREE);
        assertThat(names()).containsExactly("broker", "store", "generator", "quantizer", "evaluator");

        // When
        system.awaitServices();
        system.awaitServices();

        // Then
        assertThat(names()).last().isEqualTo("gateway");
        assertThat(system.stop()).isEqualTo(6);
    }

    @Test
    void shouldStopProcessesThatNobodyWroteDown() throws Exception {
        // Given a process of this home that was started by a command killed in that very moment
        Files.createDirectories(home.folder());
        var builder = new ProcessBuilder(
                new Jvm(Commands.tag(home)).jar(root.resolve("generator-service/target/quarkus-app/quarkus-run.jar")));
        builder.environment().putAll(Map.of("QUARKUS_HTTP_HOST", "127.0.0.1", "QUARKUS_HTTP_PORT", "0"));
        var stray = builder.start();
        await().until(() -> !processes().isEmpty());

        // When
        new StandaloneSystem(home, root).stop();

        // Then
        assertThat(Liveness.runs(stray.toHandle())).isFalse();
    }

    @Test
    void shouldShowTheLogOfAProcessThatDoesNotStart() throws Exception {
        // Given a service that ends at once
        Files.write(root.resolve("quantizer-service/target/quarkus-app/quarkus-run.jar"), new byte[0]);
        var system = new StandaloneSystem(home, root);
        system.start(Stay.UNTIL_STOPPED, 1, Ports.FREE);

        // When / Then
        assertThatThrownBy(system::awaitServices)
                .isInstanceOf(SystemProblem.class)
                .hasMessageStartingWith("quantizer ended at its start")
                .hasMessageContaining("Error: ");
    }

    @Test
    void shouldUseASystemOfOthersAndLeaveItAlone() {
        // Given
        var others = new StandaloneSystem(home, root);
        others.start(Stay.UNTIL_STOPPED, 1, Ports.FREE);
        var elsewhere = new StandaloneSystem(
                new Home(folder.resolve("empty")), folder.resolve("not-built"), Optional.of(others.access()));

        // When
        var started = elsewhere.start(Stay.WITH_US, 2, Ports.FREE);
        elsewhere.awaitServices();

        // Then
        assertThat(started).isFalse();
        assertThat(elsewhere.find()).contains(others.access());
        assertThat(elsewhere.revive()).isEmpty();
        try (var store = elsewhere.openStore()) {
            store.store().ping();
        }
        elsewhere.stopOwn();
        assertThat(record().dead()).isEmpty();
    }

    private Process command() throws IOException {
        var builder = new ProcessBuilder(
                new Jvm("-Ddsg.root=" + root).main(Cli.class.getName(), "up", "--home", home.folder()));
        builder.environment().put("CLASSPATH", Jvm.classPath());
        return builder.inheritIO().start();
    }

    private void awaitMember(Process command, String name) {
        await().atMost(PATIENCE).until(() -> !command.isAlive() || names().contains(name));
        assertThat(command.isAlive()).as("the command still starts the system").isTrue();
    }

    private void kill(String name) {
        var process = record().member(name).process().find().orElseThrow();
        process.destroyForcibly();
        await().until(() -> !Liveness.runs(process));
    }

    private SystemRecord record() {
        return new SystemFile(home.record()).read().orElseThrow();
    }

    private List<String> names() {
        return new SystemFile(home.record())
                .read().map(SystemRecord::members).orElse(List.of()).stream()
                        .map(Member::name)
                        .toList();
    }

    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(Liveness::runs)
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> Arrays.asList(arguments).contains(Commands.tag(home)))
                        .isPresent())
                .toList();
    }
}
