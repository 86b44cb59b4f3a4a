package dev.dsg.standalone.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.platform.wire.Json;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A job by the names of its fields. Values are checked by {@link JobRequest#resolve}, not here. */
public final class JobFields {

    private JobFields() {}

    /**
     * The request that says some fields.
     *
     * @param said values by dotted path, such as {@code quantization.weightBits}; {@code null} says nothing
     * @param assignments further fields as text, such as {@code synthesis.init=uniform} or, for a list,
     *     {@code training.milestones=100,200}; they win
     * @throws DsgException {@code INVALID_FIELD} for a field that is unknown, with the nearest name there is, or of the
     *     wrong kind; {@code MALFORMED_MESSAGE} for what is no assignment
     */
    public static JobRequest of(Map<String, ?> said, List<String> assignments) {
        return of(said, assignments, ConfigFactory.empty());
    }

    /**
     * The request that says some fields.
     *
     * @param beneath further fields, which all others win over
     * @throws DsgException as {@link #of(Map, List)}
     */
    public static JobRequest of(Map<String, ?> said, List<String> assignments, Config beneath) {
        Config fields = ConfigFactory.parseMap(said.entrySet().stream()
                .filter(field -> Objects.nonNull(field.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        for (var assignment : assignments) {
            fields = assigned(assignment).withFallback(fields);
        }
        return of(fields.withFallback(beneath).root());
    }

    private static Config assigned(String text) {
        try {
            var equals = text.indexOf('=');
            if (equals >= 0) {
                var value = text.substring(equals + 1).strip();
                var bare = isList(text.substring(0, equals).strip(), JobRequest.class) && !value.startsWith("[");
                return ConfigFactory.parseString(bare ? text.substring(0, equals + 1) + "[" + value + "]" : text)
                        .resolve();
            }
        } catch (ConfigException e) {
            throw new DsgException(
                    ErrorCode.MALFORMED_MESSAGE, "\"" + text + "\" cannot be read: " + e.getMessage(), e);
        }
        throw new DsgException(ErrorCode.MALFORMED_MESSAGE, "\"" + text + "\" is not of the form FIELD=VALUE");
    }

    private static boolean isList(String path, Class<?> type) {
        var dot = path.indexOf('.');
        var name = dot < 0 ? path : path.substring(0, dot);
        return Stream.of(type.getRecordComponents())
                .filter(component -> component.getName().equals(name))
                .map(RecordComponent::getType)
                .anyMatch(found ->
                        dot < 0 ? found == List.class : found.isRecord() && isList(path.substring(dot + 1), found));
    }

    /** The request that a parsed document is. */
    static JobRequest of(ConfigObject root) {
        requireKnown("", root, JobRequest.class);
        return Json.parse(root.render(ConfigRenderOptions.concise()).getBytes(UTF_8), JobRequest.class);
    }

    private static void requireKnown(String prefix, ConfigObject object, Class<?> type) {
        var components = Arrays.asList(type.getRecordComponents());
        var names = components.stream().map(RecordComponent::getName).toList();
        object.forEach((name, value) -> {
            if (!names.contains(name)) {
                throw DsgException.unknownField(prefix + name, NearestName.marked(name, names));
            }
            var component = components.get(names.indexOf(name)).getType();
            if (value instanceof ConfigObject nested && component.getEnclosingClass() == JobRequest.class) {
                requireKnown(prefix + name + ".", nested, component);
            }
        });
    }
}
