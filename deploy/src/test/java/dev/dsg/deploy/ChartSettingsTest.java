package dev.dsg.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart says to the services they understand, and what it says of them is so. */
final class ChartSettingsTest {

    private static final Pattern PROPERTY = Pattern.compile("@ConfigProperty\\(\\s*name = \"([a-z.-]+)\"");
    private static final Pattern QUEUE = Pattern.compile("dsg_queue_depth\\{queue=\"([a-z.-]+)\"");
    /** Read by the native library, not by the service. */
    private static final Set<String> NATIVE = Set.of("OMP_NUM_THREADS");

    static Stream<String> profiles() {
        return Chart.profiles().stream();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void shouldSetOnlyWhatAServiceReads(String profile) {
        assertThat(Chart.objects(profile, "Deployment")).hasSize(4).allSatisfy(deployment -> {
            var service = component(deployment);
            assertThat(Chart.ROOT.resolve(service + "-service")).isDirectory();
            var read = readBy(service);
            assertThat(environment(deployment).keySet())
                    .as(service)
                    .contains("KAFKA_BOOTSTRAP_SERVERS", "DSG_STORE_ENDPOINT")
                    .allMatch(read::contains, "is a setting of " + service + "-service");
        });
    }

    @Test
    void shouldNoticeASettingThatNobodyReads() {
        assertThat(readBy("generator"))
                .contains("DSG_WORKERS_GRACE", "KAFKA_SASL_JAAS_CONFIG", "QUARKUS_OTEL_SDK_DISABLED")
                .doesNotContain("DSG_WORKER_GRACE", "KAFKA_SASL_JAAS", "QUARKUS_OTEL_DISABLED");
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void shouldHoldSecretsByReferenceOnly(String profile) {
        assertThat(Chart.objects(profile, "Secret")).isEmpty();
        Stream.concat(Chart.objects(profile, "Deployment").stream(), Chart.objects(profile, "Job").stream())
                .forEach(workload -> environment(workload).forEach((name, variable) -> {
                    if (name.matches(".*(SECRET|ACCESS_KEY|PASSWORD|JAAS).*")) {
                        assertThat(variable).as(name).containsOnlyKeys("name", "valueFrom");
                        assertThat(Yaml.at(variable, "valueFrom", "secretKeyRef", "name"))
                                .as(name)
                                .asString()
                                .isNotBlank();
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void shouldAllowAPodNothingThatItDoesNotNeed(String profile) {
        var accounts = Chart.objects(profile, "ServiceAccount");
        assertThat(accounts)
                .allSatisfy(account -> assertThat(account).containsEntry("automountServiceAccountToken", false));
        Stream.concat(Chart.objects(profile, "Deployment").stream(), Chart.objects(profile, "Job").stream())
                .forEach(workload -> {
                    var pod = Yaml.map(Yaml.at(workload, "spec", "template", "spec"));
                    var container = Yaml.map(Yaml.at(pod, "containers", 0));
                    assertThat(pod).containsEntry("automountServiceAccountToken", false);
                    assertThat(accounts)
                            .extracting(account -> Yaml.at(account, "metadata", "name"))
                            .contains(pod.get("serviceAccountName"));
                    assertThat(Yaml.at(pod, "securityContext", "runAsNonRoot")).isEqualTo(true);
                    assertThat(Yaml.at(pod, "securityContext", "seccompProfile", "type"))
                            .isEqualTo("RuntimeDefault");
                    assertThat(Yaml.map(container.get("securityContext")))
                            .containsEntry("readOnlyRootFilesystem", true)
                            .containsEntry("allowPrivilegeEscalation", false)
                            .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
                    assertThat(Yaml.at(container, "resources", "limits", "memory"))
                            .isNotNull();
                });
    }

    /** What is mounted is a volume, what selects pods finds them, what scales a deployment finds it. */
    @ParameterizedTest
    @MethodSource("profiles")
    void shouldReferOnlyToWhatIsThere(String profile) {
        var deployments = Chart.objects(profile, "Deployment");
        assertThat(deployments).allSatisfy(deployment -> {
            var pod = Yaml.at(deployment, "spec", "template", "spec");
            assertThat(Yaml.maps(Yaml.at(pod, "containers", 0, "volumeMounts")))
                    .extracting(mount -> mount.get("name"))
                    .containsExactlyInAnyOrderElementsOf(Yaml.maps(Yaml.at(pod, "volumes")).stream()
                            .map(volume -> volume.get("name"))
                            .toList());
            assertThat(labels(deployment))
                    .containsAllEntriesOf(selected(deployment, "spec", "selector", "matchLabels"));
        });
        for (var kind : Map.of(
                        "PodDisruptionBudget", List.of("spec", "selector", "matchLabels"),
                        "PodMonitor", List.of("spec", "selector", "matchLabels"),
                        "Service", List.of("spec", "selector"))
                .entrySet()) {
            assertThat(Chart.objects(profile, kind.getKey())).allSatisfy(object -> {
                var wanted = selected(object, kind.getValue().toArray());
                assertThat(deployments.stream()
                                .filter(one -> labels(one).entrySet().containsAll(wanted.entrySet())))
                        .hasSize(1);
            });
        }
        var names = deployments.stream()
                .map(one -> Yaml.at(one, "metadata", "name"))
                .toList();
        assertThat(Chart.objects(profile, "ScaledObject"))
                .allSatisfy(scaled -> assertThat(names).contains(Yaml.at(scaled, "spec", "scaleTargetRef", "name")));
    }

    @Test
    void shouldScaleByTheQueuesThatAServiceReads() {
        // Given
        var read = Map.of(
                "generator", Set.of(Topics.JOBS, Topics.SYNTHESIS_TASKS),
                "quantizer", Set.of(Topics.QUANTIZATION_TASKS),
                "evaluator", Set.of(Topics.EVALUATION_TASKS));

        // Then
        assertThat(Topics.QUEUES.values())
                .containsExactlyInAnyOrderElementsOf(
                        read.values().stream().flatMap(Set::stream).toList());
        assertThat(Chart.objects("gpu", "ScaledObject")).hasSize(3).allSatisfy(scaled -> {
            var queues = new HashSet<String>();
            var queries = QUEUE.matcher(scaled.toString());
            while (queries.find()) {
                queues.add(queries.group(1));
            }
            assertThat(queues).isEqualTo(read.get(component(scaled)));
        });
    }

    /** To zero only when nothing is at hand; one at a time otherwise, and late; never because a metric is missing. */
    @Test
    void shouldNotKillBusyPods() {
        assertThat(Chart.objects("gpu", "ScaledObject")).allSatisfy(scaled -> {
            var down = Yaml.at(scaled, "spec", "advanced", "horizontalPodAutoscalerConfig", "behavior", "scaleDown");
            assertThat(Yaml.at(scaled, "spec", "minReplicaCount")).isEqualTo(0);
            assertThat((Integer) Yaml.at(down, "stabilizationWindowSeconds")).isGreaterThanOrEqualTo(600);
            assertThat(Yaml.at(down, "policies"))
                    .isEqualTo(List.of(Map.of("type", "Pods", "value", 1, "periodSeconds", 60)));
            assertThat(Yaml.at(scaled, "spec", "fallback", "behavior")).isEqualTo("currentReplicasIfHigher");
            assertThat(Yaml.maps(Yaml.at(scaled, "spec", "triggers"))).allSatisfy(trigger -> assertThat(
                            Yaml.map(trigger.get("metadata")))
                    .containsEntry("ignoreNullValues", "false")
                    .hasEntrySatisfying(
                            "query", query -> assertThat(query).asString().contains(",namespace=\"networks\"})")));
        });
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void shouldLeaveAWorkerTimeForItsCheckpoint(String profile) {
        assertThat(workers(profile)).hasSize(3).allSatisfy(deployment -> {
            var grace = environment(deployment)
                    .get("DSG_WORKERS_GRACE")
                    .get("value")
                    .toString();
            var seconds = Integer.parseInt(grace.substring(2, grace.length() - 1));
            assertThat((Integer) Yaml.at(deployment, "spec", "template", "spec", "terminationGracePeriodSeconds"))
                    .isGreaterThanOrEqualTo(seconds + 20);
        });
    }

    @Test
    void shouldPutGpusWhereTheyAreAskedFor() {
        assertThat(workers("gpu")).allSatisfy(deployment -> {
            var pod = Yaml.map(Yaml.at(deployment, "spec", "template", "spec"));
            var container = Yaml.map(Yaml.at(pod, "containers", 0));
            var gpus = Yaml.at(container, "resources", "limits", "nvidia.com/gpu");
            if (component(deployment).equals("evaluator")) {
                assertThat(gpus).isNull();
                assertThat(container.get("image")).isEqualTo("registry.example.com/dsg/evaluator-service:0.1.0");
                assertThat(pod).doesNotContainKey("tolerations");
            } else {
                assertThat(gpus).isEqualTo("1");
                assertThat(container.get("image")).asString().endsWith("-service:0.1.0-cu128");
                assertThat(pod.get("nodeSelector")).asString().contains("nvidia.com/gpu.present=true");
                assertThat(pod.get("tolerations")).asString().contains("key=nvidia.com/gpu");
            }
        });
    }

    @Test
    void shouldOpenTheNetworkToWhatIsNamedAndNoFurther() {
        assertThat(Chart.objects("gpu", "NetworkPolicy")).hasSize(5).allSatisfy(policy -> {
            assertThat(Yaml.at(policy, "spec", "policyTypes")).isEqualTo(List.of("Ingress", "Egress"));
            assertThat(policy.toString()).contains("port=9094", "port=443", "192.0.2.0/24");
            if (component(policy).equals("topics")) {
                assertThat(Yaml.at(policy, "spec", "ingress")).isEqualTo(List.of());
            } else {
                assertThat(Yaml.at(policy, "spec", "ingress", 0, "from"))
                        .asString()
                        .contains("monitoring");
            }
        });
    }

    @Test
    void shouldGiveUsersOfKafkaRightsToTopicsAndGroupsThatThereAre() {
        // Given
        var groups = new HashSet<>(Topics.QUEUES.keySet());
        groups.add("dsg-collector");

        // Then
        assertThat(Chart.objects("strimzi", "KafkaUser")).hasSize(6).allSatisfy(user -> Yaml.maps(
                        Yaml.at(user, "spec", "authorization", "acls"))
                .forEach(rule -> {
                    var resource = Yaml.map(rule.get("resource"));
                    var known = resource.get("type").equals("topic") ? Topics.ALL : groups;
                    var name = resource.get("name").toString();
                    if (resource.get("patternType").equals("literal")) {
                        assertThat(known).contains(name);
                    } else {
                        assertThat(known).allMatch(one -> one.startsWith(name));
                    }
                }));
        assertThat(rights("generator", "Write")).doesNotContain(Topics.REPORTS, Topics.JOBS);
        assertThat(rights("gateway", "Write")).isEmpty();
    }

    private static List<String> rights(String service, String operation) {
        return Chart.objects("strimzi", "KafkaUser").stream()
                .filter(user -> component(user).equals(service))
                .flatMap(user -> Yaml.maps(Yaml.at(user, "spec", "authorization", "acls")).stream())
                .filter(rule -> ((List<?>) rule.get("operations")).contains(operation))
                .map(rule -> Yaml.at(rule, "resource", "name").toString())
                .toList();
    }

    /** All names by which a service can be configured, as variables of the environment. */
    private static Set<String> readBy(String service) {
        var names = new HashSet<>(NATIVE);
        ConsumerConfig.configNames().forEach(name -> names.add(variable("kafka." + name)));
        for (var module : List.of("platform", service + "-service")) {
            sources(Chart.ROOT.resolve(module).resolve("src/main")).forEach(text -> {
                var properties = PROPERTY.matcher(text);
                while (properties.find()) {
                    names.add(variable(properties.group(1)));
                }
                text.lines()
                        .flatMap(line -> Stream.of(line.split("[^A-Za-z_.-]+")))
                        .filter(word -> word.startsWith("QUARKUS_") || word.startsWith("quarkus."))
                        .forEach(word -> names.add(variable(word)));
            });
        }
        return names;
    }

    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    private static List<String> sources(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.(java|properties)"))
                    .map(ChartSettingsTest::text)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Map<String, Object>> workers(String profile) {
        return Chart.objects(profile, "Deployment").stream()
                .filter(deployment -> Chart.WORKERS.contains(component(deployment)))
                .toList();
    }

    private static String component(Map<String, Object> object) {
        return Yaml.at(object, "metadata", "labels", "app.kubernetes.io/component")
                .toString();
    }

    private static Map<String, Object> labels(Map<String, Object> deployment) {
        return selected(deployment, "spec", "template", "metadata", "labels");
    }

    private static Map<String, Object> selected(Map<String, Object> object, Object... path) {
        return Yaml.map(Yaml.at(object, path));
    }

    private static Map<String, Map<String, Object>> environment(Map<String, Object> workload) {
        var variables = new TreeMap<String, Map<String, Object>>();
        Yaml.maps(Yaml.at(workload, "spec", "template", "spec", "containers", 0, "env"))
                .forEach(variable -> variables.put(variable.get("name").toString(), variable));
        return variables;
    }
}
