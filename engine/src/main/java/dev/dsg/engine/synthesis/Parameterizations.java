package dev.dsg.engine.synthesis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The ways to parameterize images that settings can name: the engine's own, and those of plug-ins. */
public final class Parameterizations {

    /** {@code pixels} and {@code latents}. */
    public static final Parameterizations BUILT_IN = new Parameterizations(List.of());

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private final SortedMap<String, Parameterization> byName = new TreeMap<>();

    private Parameterizations(List<Parameterization> plugins) {
        byName.put(Pixels.NAME, new Pixels());
        byName.put(Latents.NAME, new Latents());
        plugins.forEach(this::add);
    }

    /**
     * The engine's own and those that the jars in {@code folder} provide as services (see {@code docs/plugins.md}). Their
     * code runs with all rights of this process.
     *
     * @throws EngineException {@link Kind#INVALID_SETTING} of the field {@code plugins} if {@code folder} is none, a file
     *     in it is no jar, a provider does not load, or a name is malformed, given twice or one of the engine's own
     */
    public static Parameterizations load(Path folder) {
        return new Parameterizations(new PluginFolder(folder).read());
    }

    private void add(Parameterization plugin) {
        String name = plugin.name();
        if (name == null || !NAME.matcher(name).matches()) {
            throw PluginFolder.refused(
                    name + ", the name of " + PluginFolder.origin(plugin),
                    "lower-case letters, digits and dashes, beginning with a letter, at most 63");
        }
        Parameterization other = byName.putIfAbsent(name, plugin);
        if (other != null) {
            throw PluginFolder.refused(
                    name + ", the name of both " + PluginFolder.origin(other) + " and " + PluginFolder.origin(plugin),
                    "a name for each, and neither " + Latents.NAME + " nor " + Pixels.NAME);
        }
    }

    /** The names, sorted. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /**
     * The one called {@code name}.
     *
     * @throws EngineException {@link Kind#INVALID_SETTING} of the field {@code parameterization}, with all names, if there
     *     is none
     */
    public Parameterization named(String name) {
        Parameterization found = byName.get(name);
        if (found == null) {
            throw new EngineException(
                    Kind.INVALID_SETTING, "parameterization", name, "one of " + String.join(", ", names()));
        }
        return found;
    }
}
