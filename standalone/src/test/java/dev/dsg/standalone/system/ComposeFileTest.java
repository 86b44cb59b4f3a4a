package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.embedded.KafkaBroker;
import dev.dsg.standalone.process.SearchPath;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The compose file describes the system that {@link StandaloneSystem} starts. */
class ComposeFileTest {
    private static final Path ROOT = Path.of(System.getProperty("dsg.root"));
    private static final Path FILE = ROOT.resolve("docker-compose.yml");
    private static final Map<String, Object> COMPOSE =
            mapping(new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build()).loadFromString(text(FILE)));
    private static final Pattern IMAGES = Pattern.compile("(?m)^services='([a-z -]+)'$");
    private static final Set<String> SERVICE_KEYS = Set.of(
            "<<",
            "image",
            "ports",
            "volumes",
            "environment",
            "healthcheck",
            "restart",
            "depends_on",
            "stop_grace_period",
            "read_only",
            "tmpfs",
            "cap_drop",
            "security_opt",
            "command",
            "entrypoint");
    /** What places a process on a machine; in a container that is the image's business. */
    private static final Set<String> OF_THE_MACHINE = Set.of(
            "QUARKUS_HTTP_HOST",
            "QUARKUS_HTTP_PORT",
            "QUARKUS_LOG_CONSOLE_JSON_ENABLED",
            "DJL_CACHE_DIR",
            "DJL_OFFLINE",
            "OMP_NUM_THREADS",
            "OMP_WAIT_POLICY",
            "MALLOC_MMAP_THRESHOLD_",
            "MALLOC_TRIM_THRESHOLD_",
            "MALLOC_ARENA_MAX");

    @Test
    void shouldHaveTheServicesOfTheSystemAndWhatPreparesThem() {
        assertThat(COMPOSE).containsOnlyKeys("x-service", "services", "volumes");
        assertThat(services())
                .containsOnlyKeys(
                        "kafka",
                        "topics",
                        "store",
                        "bucket",
                        "generator-service",
                        "quantizer-service",
                        "evaluator-service",
                        "gateway-service");
    }

    @Test
    void shouldSayNothingThatComposeDoesNotKnow() {
        assertThat(services()).allSatisfy((name, service) -> {
            assertThat(SERVICE_KEYS).as(name).containsAll(mapping(service).keySet());
            assertThat(mapping(service)).as(name).containsKey("image");
            assertThat(environment(name)).as(name).allSatisfy((key, value) -> {
                assertThat(key).matches("[A-Z_]+");
                assertThat(value).isInstanceOf(String.class);
            });
        });
    }

    @Test
    void shouldPinTheImagesOfOthers() {
        assertThat(List.of("kafka", "store", "bucket"))
                .allSatisfy(name -> assertThat(service(name).get("image").toString())
                        .matches("[a-z]+/[a-z]+:[A-Z0-9.a-z-]*[0-9][A-Z0-9.a-z-]*"));
    }

    @Test
    void shouldHaveEveryServiceThatAnImageIsBuiltOf() {
        // Given
        var built = IMAGES.matcher(text(ROOT.resolve("deploy/images/common.sh")));
        assertThat(built.find()).isTrue();

        // When
        List<String> ours = services().keySet().stream()
                .filter(name -> name.endsWith("-service"))
                .toList();

        // Then
        assertThat(built.group(1).split(" ")).containsExactlyInAnyOrderElementsOf(ours);
        assertThat(ours).allSatisfy(name -> {
            assertThat(ROOT.resolve(name).resolve("pom.xml")).exists();
            assertThat(service(name)).containsEntry("image", "dsg/" + name);
            assertThat(service(name).get("healthcheck").toString()).contains("/q/health/ready");
        });
        assertThat(service("topics")).containsEntry("image", "dsg/cli").containsEntry("command", List.of("topics"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"generator-service", "quantizer-service", "evaluator-service", "gateway-service", "topics"})
    void shouldAllowOurContainersNothingThatTheyDoNotNeed(String name) {
        assertThat(service(name))
                .containsEntry("read_only", true)
                .containsEntry("cap_drop", List.of("ALL"))
                .containsEntry("security_opt", List.of("no-new-privileges"))
                .containsEntry("tmpfs", List.of("/tmp:size=64m,noexec"));
    }

    @ParameterizedTest
    @EnumSource(names = {"GENERATOR", "QUANTIZER", "EVALUATOR"})
    void shouldConfigureEveryServiceByTheNamesThatItReads(Role role) {
        // Given
        var access = new Access("kafka:9092", URI.create("http://store:9000"), "key", "secret", "dsg");
        var started = new Commands(new Home(Path.of("/home")), ROOT).service(role, 0, access, 1);
        var names = new TreeSet<>(started.environment().keySet());
        names.removeAll(System.getenv().keySet());
        names.removeAll(OF_THE_MACHINE);

        // Then
        assertThat(environment(role.text() + "-service"))
                .containsOnlyKeys(names)
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092")
                .containsEntry("DSG_STORE_ENDPOINT", "http://store:9000")
                .containsEntry("DSG_STORE_BUCKET", StoreLayout.DEFAULT_BUCKET);
    }

    @Test
    void shouldGiveServerAndClientsTheSameCredentials() {
        Map<String, Object> client = environment("generator-service");
        assertThat(environment("store"))
                .containsEntry("MINIO_ROOT_USER", client.get("DSG_STORE_ACCESS_KEY"))
                .containsEntry("MINIO_ROOT_PASSWORD", client.get("DSG_STORE_SECRET_KEY"));
        assertThat(client).containsAllEntriesOf(environment("bucket"));
    }

    @Test
    void shouldSetUpTheBrokerAsTheEmbeddedOneIs() throws IOException {
        // Given
        var embedded = new Properties();
        try (var in = KafkaBroker.class.getResourceAsStream("broker.properties")) {
            embedded.load(in);
        }
        var shared = new TreeMap<String, Object>();
        embedded.forEach((name, value) ->
                shared.put("KAFKA_" + name.toString().toUpperCase(Locale.ROOT).replace('.', '_'), value));
        // It has a listener more, for clients on the host.
        shared.remove("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP");
        shared.keySet().retainAll(environment("kafka").keySet());

        // Then
        assertThat(shared).hasSizeGreaterThan(10);
        assertThat(environment("kafka")).containsAllEntriesOf(shared);
    }

    @Test
    void shouldStartThingsInOrder() {
        assertThat(conditions("topics")).isEqualTo(Map.of("kafka", "service_healthy"));
        assertThat(conditions("bucket")).isEqualTo(Map.of("store", "service_healthy"));
        assertThat(List.of("generator-service", "quantizer-service", "evaluator-service", "gateway-service"))
                .allSatisfy(name -> assertThat(conditions(name))
                        .isEqualTo(Map.of(
                                "topics", "service_completed_successfully",
                                "bucket", "service_completed_successfully")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "store"})
    void shouldKeepTheDataOfServersThatSayTheyAreHealthy(String server) {
        String volume = ((List<?>) service(server).get("volumes")).getFirst().toString();
        assertThat(mapping(COMPOSE.get("volumes"))).containsKey(volume.substring(0, volume.indexOf(':')));
        assertThat(mapping(service(server).get("healthcheck"))).containsKeys("test", "interval", "timeout", "retries");
    }

    @Test
    void shouldOpenPortsToThisMachineOnly() {
        List<String> ports = new ArrayList<>();
        services().keySet().forEach(name -> {
            if (service(name).get("ports") instanceof List<?> published) {
                published.forEach(port -> ports.add(port.toString()));
            }
        });
        assertThat(ports).hasSize(6).doesNotHaveDuplicates().allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    /** Where compose is installed it judges, without a daemon, also of the file that puts our servers in place of others. */
    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yml", "deploy/images/compose.embedded.yml"})
    void shouldBeAcceptedByComposeItself(String last) throws Exception {
        // Given
        var compose = SearchPath.find("docker-compose");
        assumeThat(compose).isPresent();

        // When
        var process = new ProcessBuilder(
                        compose.orElseThrow().toString(),
                        "-f",
                        FILE.toString(),
                        "-f",
                        ROOT.resolve(last).toString(),
                        "config",
                        "-q")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());

        // Then
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static Map<String, Object> services() {
        return mapping(COMPOSE.get("services"));
    }

    /** A service with what it merges from elsewhere. */
    private static Map<String, Object> service(String name) {
        Map<String, Object> own = mapping(services().get(name));
        Map<String, Object> merged = new TreeMap<>();
        if (own.get("<<") instanceof Map<?, ?> other) {
            merged.putAll(mapping(other));
        }
        merged.putAll(own);
        return merged;
    }

    private static Map<String, Object> environment(String name) {
        return service(name).get("environment") instanceof Map<?, ?> said ? mapping(said) : Map.of();
    }

    private static Map<String, String> conditions(String name) {
        Map<String, String> conditions = new TreeMap<>();
        mapping(service(name).get("depends_on"))
                .forEach((other, how) ->
                        conditions.put(other, mapping(how).get("condition").toString()));
        return conditions;
    }

    private static Map<String, Object> mapping(Object value) {
        Map<String, Object> mapping = new TreeMap<>();
        ((Map<?, ?>) value).forEach((key, content) -> mapping.put((String) key, content));
        return mapping;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
