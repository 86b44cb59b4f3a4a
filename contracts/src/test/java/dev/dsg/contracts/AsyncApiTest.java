package dev.dsg.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dsg.contracts.message.MessageType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The AsyncAPI document says what the code does. */
class AsyncApiTest {
    private static final JsonNode API = Wire.asyncApi();

    @Test
    void shouldHaveAChannelForEveryTopicAndNoOther() {
        assertThat(API.at("/asyncapi").asText()).isEqualTo("3.0.0");
        assertThat(API.at("/channels").findValuesAsText("address")).containsExactlyElementsOf(Topics.ALL);
    }

    @Test
    void shouldHaveEveryMessageOnItsTopicAndNoOther() {
        // Given
        Map<String, List<String>> stated = new TreeMap<>();
        API.at("/channels").forEach(channel -> channel.path("messages").forEach(message -> stated.computeIfAbsent(
                        channel.path("address").asText(), _ -> new ArrayList<>())
                .add(follow(message).path("name").asText())));

        // Then
        Map<String, List<String>> actual = new TreeMap<>();
        Stream.of(MessageType.values()).forEach(type -> actual.computeIfAbsent(type.topic(), _ -> new ArrayList<>())
                .add(type.ceType()));
        assertThat(stated).isEqualTo(actual);
    }

    @Test
    void shouldReadEveryQueueThroughItsShareGroup() {
        // Given
        Map<String, String> stated = new TreeMap<>();
        API.at("/operations").forEach(operation -> {
            if (operation.has("x-share-group")) {
                assertThat(operation.path("action").asText()).isEqualTo("receive");
                stated.put(
                        operation.path("x-share-group").asText(),
                        follow(operation.path("channel")).path("address").asText());
            }
        });

        // Then
        assertThat(stated).containsExactlyInAnyOrderEntriesOf(Topics.QUEUES);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReferToTheSchemaOfEveryMessage(MessageType type) {
        assertThat(message(type).at("/payload/schema/$ref").asText())
                .isEqualTo("schemas/" + MessageContractTest.schemaOf(type));
        assertThat(message(type).at("/traits/0/$ref").asText()).isEqualTo("#/components/messageTraits/cloudEvent");
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveExamplesThatAreValidAndReadable(MessageType type) {
        assertThat(message(type).path("examples")).isNotEmpty().allSatisfy(example -> {
            String payload = example.path("payload").toString();
            assertThat(Wire.faults(MessageContractTest.schemaOf(type), payload)).isEmpty();
            assertThat(Wire.read(payload, type.record()).type()).isEqualTo(type);
        });
    }

    private static JsonNode message(MessageType type) {
        return Stream.of(API.at("/components/messages"))
                .flatMap(JsonNode::valueStream)
                .filter(message -> message.path("name").asText().equals(type.ceType()))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode follow(JsonNode reference) {
        JsonNode target = API.at(reference.path("$ref").asText().substring(1));
        return target.has("$ref") ? follow(target) : target;
    }
}
