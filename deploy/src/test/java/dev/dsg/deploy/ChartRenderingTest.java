package dev.dsg.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Helm accepts the chart, Kubernetes and its operators would accept what comes out, and that is what came out before. */
final class ChartRenderingTest {

    private static final Path GOLDEN = Chart.ROOT.resolve("deploy/src/test/golden");
    private static final String RENEW = "dsg.golden.renew";

    @TempDir
    private Path scratch;

    static Stream<String> profiles() {
        return Chart.profiles().stream();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void shouldPassTheStrictLinter(String profile) {
        var result = Chart.lint(profile, scratch.resolve("dsg"));
        assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void shouldSayNothingThatKubernetesDoesNotKnow(String profile) {
        assertThat(Chart.objects(profile)).hasSizeGreaterThan(8).allSatisfy(object -> assertThat(
                        KnownObjects.faults(object))
                .as(object.get("kind") + " " + Yaml.at(object, "metadata", "name"))
                .isEmpty());
    }

    /** {@code mvn -pl deploy -am test -Ddsg.golden.renew=true} writes them anew; what changed is then seen in the commit. */
    @ParameterizedTest
    @MethodSource("profiles")
    void shouldRenderWhatWasReviewed(String profile) throws IOException {
        var golden = GOLDEN.resolve(profile + ".yaml");
        var rendered = Chart.render(profile);
        if (Boolean.getBoolean(RENEW)) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, rendered);
        }
        assertThat(rendered)
                .as("renewed by mvn -pl deploy -am test -D" + RENEW + "=true")
                .isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gpu     | Deployment          | replicas: 1                        | replica: 1                     | replica
            gpu     | Deployment          | imagePullPolicy: IfNotPresent      | imagePullPolice: IfNotPresent  | imagePullPolice
            gpu     | Deployment          | limits:                            | limit:                         | limit
            gpu     | Deployment          | value: "2"                         | value: 2                       | Integer
            gpu     | Deployment          | containerPort: 8080                | containerPort: '8080'          | String
            gpu     | NetworkPolicy       | podSelector:                       | podsSelector:                  | podsSelector
            gpu     | ScaledObject        | cooldownPeriod:                    | coolDownPeriod:                | coolDownPeriod
            gpu     | PodMonitor          | podMetricsEndpoints:               | podMetricEndpoints:            | podMetricEndpoints
            strimzi | Kafka               | entityOperator:                    | entityoperator:                | entityoperator
            strimzi | KafkaUser           | patternType: literal               | pattern: literal               | pattern
            """)
    void shouldFindWhatIsMisspeltOrOfAnotherType(
            String profile, String kind, String right, String wrong, String named) {
        // Given
        var rendered = Chart.render(profile);
        assertThat(rendered).contains(right);

        // When
        var faults = Yaml.objects(rendered.replace(right, wrong)).stream()
                .filter(object -> object.get("kind").equals(kind))
                .flatMap(object -> KnownObjects.faults(object).stream())
                .toList();

        // Then
        assertThat(faults).isNotEmpty().allSatisfy(fault -> assertThat(fault).contains(named));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            generator.gpu                         | 1             | gpu
            generator.gpus                        | -1            | generator
            generator.autoscaling.scaleDownWindow | 7200          | scaleDownWindow
            kafka.bootstrapServers                | kafka         | bootstrapServers
            kafka.securityProtocol                | TLS           | securityProtocol
            store.endpoint                        | store:9000    | endpoint
            generator.grace                       | 45            | generator.terminationGracePeriodSeconds is 60, expected at least 65
            kafka.securityProtocol                | SASL_SSL      | kafkaSecret.name: expected a secret with sasl.jaas.config
            store.secret                          | ''            | store.secret: expected the name of a secret
            """)
    void shouldRefuseValuesThatCannotBeMeant(String value, String wrong, String named) {
        assertThatThrownBy(() -> Chart.render("minimal", Map.of(value, wrong))).hasMessageContaining(named);
    }

    @Test
    void shouldNameTheTwoThingsThatHaveNoDefault() {
        assertThatThrownBy(() -> Chart.render("minimal", Map.of("kafka.bootstrapServers", "")))
                .hasMessageContaining("kafka.bootstrapServers: expected host:port of the brokers");
        assertThatThrownBy(() -> Chart.render("minimal", Map.of("store.endpoint", "")))
                .hasMessageContaining("store.endpoint: expected the address of an S3-compatible store");
    }

    @Test
    void shouldShowEveryKindOfObjectInSomeProfile() {
        List<String> kinds = Chart.profiles().stream()
                .flatMap(profile -> Chart.objects(profile).stream())
                .map(object -> object.get("kind").toString())
                .distinct()
                .toList();
        assertThat(kinds)
                .containsExactlyInAnyOrder(
                        "Deployment",
                        "Service",
                        "ServiceAccount",
                        "PodDisruptionBudget",
                        "NetworkPolicy",
                        "Job",
                        "PodMonitor",
                        "ScaledObject",
                        "Kafka",
                        "KafkaNodePool",
                        "KafkaUser");
    }
}
