package dev.dsg.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.message.MessageType;
import java.lang.reflect.Field;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void shouldListEveryTopicAndEveryGroup() {
        assertThat(constants(false)).containsExactlyInAnyOrderElementsOf(Topics.ALL);
        assertThat(constants(true)).containsExactlyInAnyOrderElementsOf(Topics.QUEUES.keySet());
    }

    @Test
    void shouldCarryAMessageOnEveryTopic() {
        assertThat(Arrays.stream(MessageType.values()).map(MessageType::topic).distinct())
                .containsExactlyInAnyOrderElementsOf(Topics.ALL);
        assertThat(Topics.ALL).containsAll(Topics.QUEUES.values());
    }

    private static String[] constants(boolean groups) {
        return Arrays.stream(Topics.class.getFields())
                .filter(field -> field.getType() == String.class)
                .filter(field -> field.getName().endsWith("_GROUP") == groups)
                .map(TopicsTest::value)
                .toArray(String[]::new);
    }

    private static String value(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
