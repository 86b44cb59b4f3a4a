package dev.dsg.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/** The chart, as Helm renders it. */
final class Chart {

    static final Path ROOT = Path.of(System.getProperty("dsg.root"));
    static final Path FOLDER = ROOT.resolve("deploy/helm/dsg");
    static final Path PROFILES = ROOT.resolve("deploy/helm/profiles");
    /** The services that take work from queues; the gateway is the fourth. */
    static final List<String> WORKERS = List.of("generator", "quantizer", "evaluator");

    private Chart() {}

    /** The names of the values files that come with the chart. */
    static List<String> profiles() {
        try (var files = Files.list(PROFILES)) {
            var names = files.map(file -> file.getFileName().toString().replace(".yaml", ""))
                    .sorted()
                    .toList();
            assertThat(names).hasSizeGreaterThan(2);
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Helm makes of a profile. */
    static String render(String profile) {
        return render(profile, Map.of());
    }

    /** What Helm makes of a profile and some values more. */
    static String render(String profile, Map<String, Object> more) {
        var command = new Helm(FOLDER)
                .template()
                .withName("dsg")
                .withNamespace("networks")
                .withKubeVersion("1.31.0")
                .withValuesFile(PROFILES.resolve(profile + ".yaml"));
        more.forEach(command::set);
        return command.call();
    }

    /** The objects of a profile. */
    static List<Map<String, Object>> objects(String profile) {
        return Yaml.objects(render(profile));
    }

    /** The objects of a kind. */
    static List<Map<String, Object>> objects(String profile, String kind) {
        return objects(profile).stream()
                .filter(object -> object.get("kind").equals(kind))
                .toList();
    }

    /** Lints the chart as if the values of a profile were its own, which is the only way to lint them. */
    static LintResult lint(String profile, Path scratch) {
        try (var files = Files.walk(FOLDER)) {
            for (var file : files.toList()) {
                Files.copy(file, scratch.resolve(FOLDER.relativize(file).toString()));
            }
            var values = merged(
                    Yaml.object(Files.readString(FOLDER.resolve("values.yaml"))),
                    Yaml.object(Files.readString(PROFILES.resolve(profile + ".yaml"))));
            Files.writeString(
                    scratch.resolve("values.yaml"),
                    new Dump(DumpSettings.builder().build()).dumpToString(values));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Helm(scratch).lint().strict().call();
    }

    private static Map<String, Object> merged(Map<String, Object> below, Map<String, Object> above) {
        var merged = new LinkedHashMap<>(below);
        above.forEach((key, value) -> merged.merge(
                key,
                value,
                (old, now) -> old instanceof Map && now instanceof Map ? merged(Yaml.map(old), Yaml.map(now)) : now));
        return merged;
    }
}
