package dev.dsg.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dsg.contracts.job.Bound;
import dev.dsg.contracts.job.JobRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema of a job says what the code does. */
class JobSchemaTest {
    private static final SchemaNode SCHEMA = SchemaNode.of("job-request.json");

    @Test
    void shouldDescribeTheRequestByItsSchema() {
        Mirror.assertMirrors(JobRequest.class, SCHEMA, "request");
        assertThat(SCHEMA.required()).containsExactly("model");
    }

    @ParameterizedTest
    @EnumSource
    void shouldStateEveryBound(Bound bound) {
        // When
        SchemaNode field = at(bound.field());

        // Then
        assertThat(field.keyword("type").asText()).isEqualTo(bound.integral() ? "integer" : "number");
        assertThat(field.keyword(bound.minExcluded() ? "exclusiveMinimum" : "minimum")
                        .asLong(-1))
                .isEqualTo(bound.min());
        assertThat(field.keyword(bound.minExcluded() ? "minimum" : "exclusiveMinimum")
                        .isMissingNode())
                .isTrue();
        assertThat(field.keyword(bound.maxExcluded() ? "exclusiveMaximum" : "maximum")
                        .asLong(-1))
                .isEqualTo(bound.max());
        assertThat(field.keyword(bound.maxExcluded() ? "maximum" : "exclusiveMaximum")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void shouldBoundEveryNumber() {
        Set<String> numbers = new TreeSet<>();
        leaves(SCHEMA, "").forEach((path, leaf) -> {
            if (Set.of("integer", "number").contains(leaf.keyword("type").asText())) {
                numbers.add(path);
            }
        });
        assertThat(numbers)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Bound.values()).map(Bound::field).toList());
    }

    @Test
    void shouldStateEveryDefault() {
        // Given
        JsonNode calibrated = Wire.JSON.valueToTree(Samples.SPEC);
        JsonNode trained = Wire.JSON.valueToTree(Samples.TRAINED);
        Map<String, SchemaNode> leaves = leaves(SCHEMA, "");

        // Then
        leaves.keySet().removeAll(List.of("jobId", "model"));
        assertThat(leaves).hasSize(74).allSatisfy((path, leaf) -> {
            JsonNode stated = leaf.node().path("default");
            JsonNode actual = (path.startsWith("training.") ? trained : calibrated).at("/" + path.replace('.', '/'));
            assertThat(actual.isNumber() ? actual.asDouble() == stated.asDouble(-1) : actual.equals(stated))
                    .as(path + " is " + actual + ", the schema says " + stated)
                    .isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{'model':'m','stranger':1}",
                "{'model':'m','synthesis':{'iteration':1}}",
                "{'model':'../m'}",
                "{'model':'m','seed':-1}",
                "{'model':'m','seed':0.5}",
                "{'model':'m','quantization':{'weightBits':1}}",
                "{'model':'m','quantization':{'activationBits':9}}",
                "{'model':'m','quantization':{'range':'none'}}",
                "{'model':'m','quantization':{'rounding':'up'}}",
                "{'model':'m','quantization':{'target':'tensorrt'}}",
                "{'model':'m','quantization':{'granularity':'kernel'}}",
                "{'model':'m','quantization':{'target':'onnxruntime','weightSymmetry':'asymmetric'}}",
                "{'model':'m','quantization':{'reconstructionIterations':0}}",
                "{'model':'m','quantization':{'edgeBits':9}}",
                "{'model':'m','quantization':{'equalization':1}}",
                "{'model':'m','quantization':{'weightBudget':8.5}}",
                "{'model':'m','synthesis':{'labelLoss':-1}}",
                "{'model':'m','training':{}}",
                "{'model':'m','quantization':{'scheme':'ptq'},'training':{}}",
                "{'model':'m','quantization':{'scheme':'qat'},'training':{'source':'real'}}",
                "{'model':'m','quantization':{'scheme':'qat'},'training':{'momentum':1}}",
                "{'model':'m','quantization':{'scheme':'qat'},'training':{'milestones':[0]}}",
                "{'model':'m','quantization':{'scheme':'qat'},'training':{'milestones':[3,3]}}",
                "{'model':'m','quantization':{'scheme':'qat'},'training':{'milestones':5}}",
                "{'model':'m','quantization':{'scheme':'qat'},'training':{'nesterov':1}}",
                "{'model':'m','synthesis':{'parameterization':'../x'}}",
                "{'model':'m','synthesis':{'statistics':'none'}}",
                "{'model':'m','synthesis':{'generatorLearningRate':0}}",
                "{'model':'m','synthesis':{'method':'noise','parameterization':'latents'}}",
                "{'model':'m','synthesis':{'learningRate':0}}",
                "{'model':'m','synthesis':{'slackPercentile':1.1}}",
                "{'model':'m','synthesis':{'method':'noise','iterations':1}}",
                "{'model':'m','evaluation':{'latencySeconds':601}}",
                "{'model':'m','evaluation':{'maxDrop':2}}",
                "{'model':'m','evaluation':{'minSpeedup':-1}}",
                "{'model':'m','evaluation':{'maxBytes':0}}",
                "{'model':'m','synthesis':{'method':'noise','init':'uniform'}}"
            })
    void shouldRefuseWhatTheCodeRefuses(String json) {
        assertThat(Wire.faults("job-request.json", json.replace('\'', '"'))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model':'m'}",
                "{'model':'m','synthesis':{}}",
                "{'model':'m','quantization':{'scheme':'qat'}}",
                "{'model':'m','quantization':{'scheme':'qat'},'training':{'source':'generator','milestones':[1,3]}}",
                "{'model':'m','synthesis':{'method':'noise'}}",
                "{'model':'m','synthesis':{'method':'noise','iterations':0,'init':'gaussian'}}",
                "{'model':'m','quantization':{'target':'onnxruntime'}}",
                "{'model':'m','evaluation':{'maxDrop':0.01,'minSpeedup':1,'maxBytes':300000}}",
                "{'model':'m','quantization':{'target':'onnxruntime','weightSymmetry':'symmetric'}}",
                "{'model':'m','synthesis':{'method':'dsg','iterations':0,'init':'uniform'}}"
            })
    void shouldAllowWhatTheCodeAllows(String json) {
        String request = json.replace('\'', '"');
        assertThat(Wire.faults("job-request.json", request)).isEmpty();
        assertThat(Wire.read(request, JobRequest.class).withJobId(Samples.JOB).resolve())
                .isNotNull();
    }

    @Test
    void shouldRefuseASubmissionWithoutAnId() {
        ObjectNode request = Wire.JSON.valueToTree(JobRequest.of("m"));
        assertThat(Wire.faults("job-request.json", request.toString())).isEmpty();
        assertThat(Wire.faults("job-submitted.json", request.toString())).isNotEmpty();
    }

    private static SchemaNode at(String path) {
        SchemaNode node = SCHEMA;
        for (String name : path.split("\\.")) {
            node = node.property(name);
        }
        return node;
    }

    private static Map<String, SchemaNode> leaves(SchemaNode schema, String prefix) {
        Map<String, SchemaNode> leaves = new TreeMap<>();
        for (String name : schema.propertyNames()) {
            SchemaNode property = schema.property(name);
            if (property.propertyNames().isEmpty()) {
                leaves.put(prefix + name, property);
            } else {
                leaves.putAll(leaves(property, prefix + name + "."));
            }
        }
        return leaves;
    }
}
