package dev.dsg.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.BitWidth;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.WireNamed;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.Sha256;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Holds a record against a schema: the same fields, required where the record requires them, of the same types. */
final class Mirror {
    private static final Map<Class<?>, Pattern> TEXTS = Map.of(
            JobId.class, JobId.PATTERN,
            Sha256.class, Sha256.PATTERN,
            ObjectKey.class, ObjectKey.PATTERN);
    private static final Set<Class<?>> INTEGERS = Set.of(int.class, long.class, Integer.class, Long.class);
    private static final Set<Class<?>> NUMBERS = Set.of(double.class, Double.class);
    private static final Set<Class<?>> BOOLEANS = Set.of(boolean.class, Boolean.class);

    private Mirror() {}

    static void assertMirrors(Type type, SchemaNode schema, String path) {
        switch (type) {
            case ParameterizedType map
            when map.getRawType() == Map.class -> {
                assertType(schema, "object", path);
                assertMirrors(map.getActualTypeArguments()[1], schema.values(), path + "{}");
            }
            case ParameterizedType list -> {
                assertType(schema, "array", path);
                assertMirrors(list.getActualTypeArguments()[0], schema.items(), path + "[]");
            }
            case Class<?> c
            when TEXTS.containsKey(c) -> {
                assertType(schema, "string", path);
                assertThat(schema.keyword("pattern").asText())
                        .as(path)
                        .isEqualTo("^" + TEXTS.get(c).pattern() + "$");
            }
            case Class<?> c when INTEGERS.contains(c) -> assertType(schema, "integer", path);
            case Class<?> c when NUMBERS.contains(c) -> assertType(schema, "number", path);
            case Class<?> c when BOOLEANS.contains(c) -> assertType(schema, "boolean", path);
            case Class<?> c when c == String.class -> assertText(schema, path);
            case Class<?> c
            when c == BitWidth.class -> {
                assertType(schema, "integer", path);
                assertThat(schema.keyword("minimum").asInt()).as(path).isEqualTo(BitWidth.MIN);
                assertThat(schema.keyword("maximum").asInt()).as(path).isEqualTo(BitWidth.MAX);
            }
            case Class<?> c
            when c == Instant.class ->
                assertThat(schema.keyword("format").asText()).as(path).isEqualTo("date-time");
            case Class<?> c
            when c == ErrorCode.class ->
                assertEnum(schema, Arrays.stream(ErrorCode.values()).map(Enum::name), path);
            case Class<?> c
            when c.isEnum() ->
                assertEnum(schema, Arrays.stream(c.getEnumConstants()).map(e -> ((WireNamed) e).wireName()), path);
            case Class<?> c when c.isRecord() -> assertRecord(c, schema, path);
            case Class<?> c when c.isSealed() -> assertChoices(c, schema, path);
            default -> fail(path + ": no rule for " + type);
        }
    }

    private static void assertRecord(Class<?> type, SchemaNode schema, String path) {
        List<RecordComponent> components = components(type);
        if (components.size() == 1 && components.getFirst().getAccessor().isAnnotationPresent(JsonValue.class)) {
            assertMirrors(components.getFirst().getGenericType(), schema, path);
            return;
        }
        assertType(schema, "object", path);
        assertThat(schema.keyword("additionalProperties").isBoolean()).as(path).isTrue();
        assertThat(schema.keyword("additionalProperties").asBoolean()).as(path).isFalse();
        assertThat(schema.propertyNames().stream().filter(name -> !name.equals("stage")))
                .as(path)
                .containsExactly(
                        components.stream().map(RecordComponent::getName).toArray(String[]::new));
        if (type != JobRequest.class) {
            assertRequired(type, schema, path);
        }
        for (RecordComponent component : components) {
            assertMirrors(
                    component.getGenericType(), schema.property(component.getName()), path + "." + component.getName());
        }
    }

    /** The parts of a record as they stand on the wire, where some of them stand in its place. */
    private static List<RecordComponent> components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .flatMap(component -> component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                        ? components(component.getType()).stream()
                        : Stream.of(component))
                .toList();
    }

    private static void assertRequired(Class<?> type, SchemaNode schema, String path) {
        TreeSet<String> required = new TreeSet<>();
        if (!type.isAnnotationPresent(JsonInclude.class)) {
            components(type).stream()
                    .filter(component -> !component.getAccessor().isAnnotationPresent(JsonInclude.class))
                    .forEach(component -> required.add(component.getName()));
        }
        TreeSet<String> stated = schema.required();
        stated.remove("stage");
        assertThat(stated).as(path + " required").isEqualTo(required);
    }

    private static void assertChoices(Class<?> type, SchemaNode schema, String path) {
        List<JsonSubTypes.Type> types =
                List.of(type.getAnnotation(JsonSubTypes.class).value());
        List<SchemaNode> choices = schema.choices();
        assertThat(choices).as(path).hasSameSizeAs(types);
        for (int i = 0; i < types.size(); i++) {
            String name = types.get(i).name();
            assertThat(choices.get(i).property("stage").keyword("const").asText())
                    .as(path)
                    .isEqualTo(name);
            assertThat(choices.get(i).required()).as(path).contains("stage");
            assertMirrors(types.get(i).value(), choices.get(i), path + "(" + name + ")");
        }
    }

    private static void assertText(SchemaNode schema, String path) {
        if (schema.keyword("enum").isArray()) {
            schema.keyword("enum")
                    .forEach(value -> assertThat(value.isTextual()).as(path).isTrue());
            return;
        }
        assertType(schema, "string", path);
        String pattern = schema.keyword("pattern").asText("\\S");
        assertThat(pattern).as(path).isIn("\\S", "^" + Require.NAME.pattern() + "$");
    }

    private static void assertEnum(SchemaNode schema, Stream<String> names, String path) {
        assertThat(schema.keyword("enum"))
                .as(path)
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(names.toList());
    }

    private static void assertType(SchemaNode schema, String type, String path) {
        assertThat(schema.keyword("type").asText()).as(path + " type").isEqualTo(type);
    }
}
