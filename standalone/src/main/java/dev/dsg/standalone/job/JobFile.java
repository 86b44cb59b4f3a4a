package dev.dsg.standalone.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.platform.wire.Json;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A job in a file: JSON if its name ends in {@code .json}, HOCON otherwise.
 *
 * @param path the file
 */
public record JobFile(Path path) {

    /**
     * Reads the request. Its values are checked by {@link JobRequest#resolve}.
     *
     * @throws DsgException {@code MALFORMED_MESSAGE} for a file that cannot be read or parsed, {@code INVALID_FIELD} for a
     *     field that is unknown, with the nearest name there is, or of the wrong kind
     */
    public JobRequest read() {
        var root = parse();
        requireKnown("", root, JobRequest.class);
        return Json.parse(root.render(ConfigRenderOptions.concise()).getBytes(UTF_8), JobRequest.class);
    }

    private ConfigObject parse() {
        var options = ConfigParseOptions.defaults().setAllowMissing(false);
        try {
            return ConfigFactory.parseFile(path.toFile(), options).resolve().root();
        } catch (ConfigException e) {
            throw new DsgException(ErrorCode.MALFORMED_MESSAGE, "the job file cannot be read: " + e.getMessage(), e);
        }
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
