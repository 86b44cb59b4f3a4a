package dev.dsg.standalone.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.QuantizationScheme;
import dev.dsg.contracts.job.TrainingSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Settings in a file, or in a profile that ships with the program: HOCON, with the names that GDFQ and DSG-QAT publish
 * theirs under, and below {@code dsg} those that the fields of a job have. What both say is as {@code dsg} says.
 *
 * <p>A published setting of the training means the published procedure: scheme {@code qat} and source {@code generator},
 * unless somebody says otherwise.
 *
 * @param name of a profile, or else the path of a file
 */
public record ConfFile(String name) {

    private static final String OWN = "dsg";
    private static final String WARMUP = "training.warmupEpochs";
    private static final String SOURCE = "training.source";

    /**
     * What a file says.
     *
     * @param fields of a job
     * @param notes what people should know of how it was read
     */
    public record Settings(Config fields, List<String> notes) {
        /** Nothing. */
        public static final Settings NONE = new Settings(ConfigFactory.empty(), List.of());
    }

    /**
     * Reads the settings. Their values are checked by {@link JobRequest#resolve}, their kinds here.
     *
     * @param source where the job's images come from if the command line says so, else {@code null}
     * @throws DsgException {@code MALFORMED_MESSAGE} for a file that cannot be read or parsed, {@code INVALID_FIELD}, with
     *     file and line, for a setting that is unknown, with the nearest name there is, or of the wrong kind
     */
    public Settings read(String source) {
        return new Reading(parse().root()).settings(source);
    }

    private Config parse() {
        try {
            return (Profiles.has(name)
                            ? Profiles.read(name).toConfig()
                            : ConfigFactory.parseFile(Path.of(name).toFile(), Profiles.strict()))
                    .resolve();
        } catch (ConfigException e) {
            throw new DsgException(ErrorCode.MALFORMED_MESSAGE, "the settings cannot be read: " + e.getMessage(), e);
        }
    }

    /** One reading of one file. */
    private final class Reading {

        private final ConfigObject root;
        private final Map<String, String> published = new TreeMap<>();
        private final Map<String, List<String>> ignored = new TreeMap<>();
        private final List<String> notes = new ArrayList<>();
        private Config fields = ConfigFactory.empty();

        Reading(ConfigObject root) {
            this.root = root;
        }

        Settings settings(String source) {
            root.forEach((key, value) -> {
                if (!key.equals(OWN)) {
                    take(key, value);
                }
            });
            keepRate();
            var trains = published.keySet().stream().anyMatch(path -> path.startsWith("training."));
            var own = own();
            own.entrySet().forEach(entry -> published.remove(entry.getKey()));
            fields = own.withFallback(fields);
            if (trains) {
                fields = fields.withFallback(procedure());
            }
            requireKinds();
            dropWarmup(source);
            ignored.forEach((why, keys) -> notes.add(
                    name + ": " + String.join(", ", keys.stream().sorted().toList()) + " ignored, for " + why));
            return new Settings(fields, List.copyOf(notes));
        }

        private void take(String key, ConfigValue value) {
            var why = PublishedNames.ignored(key);
            if (why.isPresent()) {
                ignored.computeIfAbsent(why.get(), _ -> new ArrayList<>()).add(key);
                return;
            }
            var allowed = PublishedNames.allowed(key);
            if (allowed.isPresent() && !allowed.get().contains(value.unwrapped())) {
                throw wrong(
                        value.origin(),
                        key + " is " + value.render() + ", expected one of " + String.join(", ", allowed.get()));
            }
            var field = PublishedNames.field(key);
            if (field.isPresent()) {
                published.put(field.get(), key);
                fields = fields.withValue(field.get(), PublishedNames.translated(key, value));
            } else if (allowed.isEmpty()) {
                var known = new ArrayList<>(PublishedNames.all());
                known.add(OWN);
                throw wrong(
                        value.origin(),
                        DsgException.unknownField(key, NearestName.marked(key, known))
                                .getMessage());
            }
        }

        /** A rate that is said to be constant has no milestones, whatever a file lists out of habit. */
        private void keepRate() {
            root.forEach((key, value) -> {
                if (PublishedNames.keepsRate(key, value)) {
                    fields = fields.withValue("training.milestones", ConfigValueFactory.fromIterable(List.of()));
                }
            });
        }

        private Config own() {
            var own = root.get(OWN);
            if (own == null) {
                return ConfigFactory.empty();
            }
            if (!(own instanceof ConfigObject object)) {
                throw wrong(own.origin(), OWN + " is " + own.render() + ", expected an object");
            }
            if (object.containsKey("jobId")) {
                throw wrong(
                        object.get("jobId").origin(), OWN + ".jobId is not a setting: every job has an id of its own");
            }
            return object.toConfig();
        }

        private Config procedure() {
            return ConfigFactory.parseMap(Map.of(
                    "quantization.scheme",
                    QuantizationScheme.QAT.wireName(),
                    SOURCE,
                    TrainingSource.GENERATOR.wireName()));
        }

        /** The published warm-up is that of a generator; who replays a fixed set has none. */
        private void dropWarmup(String source) {
            var effective =
                    Optional.ofNullable(source).orElseGet(() -> fields.hasPath(SOURCE) ? fields.getString(SOURCE) : "");
            if (effective.equals(TrainingSource.INVERSION.wireName()) && published.containsKey(WARMUP)) {
                fields = fields.withoutPath(WARMUP);
                notes.add(name + ": warmup_epochs ignored, for source inversion has no generator to warm up");
            }
        }

        private void requireKinds() {
            try {
                JobFields.of(fields.root());
            } catch (DsgException e) {
                throw located(e);
            }
        }

        private DsgException located(DsgException e) {
            var field = e.field().orElse("");
            var path = field.replaceFirst("\\[.*", "");
            if (path.isEmpty() || !fields.hasPathOrNull(path)) {
                return e;
            }
            var key = published.getOrDefault(path, OWN + "." + path);
            return wrong(
                    fields.root().toConfig().getValue(path).origin(),
                    key + e.getMessage().substring(path.length()));
        }

        private DsgException wrong(ConfigOrigin origin, String message) {
            return new DsgException(ErrorCode.INVALID_FIELD, origin.description() + ": " + message);
        }
    }
}
