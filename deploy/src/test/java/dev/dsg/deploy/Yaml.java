package dev.dsg.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** YAML as maps and lists; a key that is said twice is an error. */
final class Yaml {

    private Yaml() {}

    static List<Map<String, Object>> objects(String text) {
        var objects = new ArrayList<Map<String, Object>>();
        for (var document : load().loadAllFromString(text)) {
            if (document != null) {
                objects.add(map(document));
            }
        }
        return objects;
    }

    static Map<String, Object> object(String text) {
        return map(load().loadFromString(text));
    }

    /** What lies at a path of keys and indices; {@code null} where there is nothing. */
    static Object at(Object from, Object... path) {
        var here = from;
        for (var step : path) {
            here = switch (here) {
                case Map<?, ?> map -> map.get(step);
                case List<?> list when step instanceof Integer index && index < list.size() -> list.get(index);
                case null, default -> null;
            };
        }
        return here;
    }

    static Map<String, Object> map(Object from) {
        var map = new LinkedHashMap<String, Object>();
        if (from instanceof Map<?, ?> entries) {
            entries.forEach((key, value) -> map.put(key.toString(), value));
        }
        return map;
    }

    static List<Map<String, Object>> maps(Object from) {
        return from instanceof List<?> list ? list.stream().map(Yaml::map).toList() : List.of();
    }

    private static Load load() {
        return new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build());
    }
}
