package dev.dsg.engine.synthesis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ways to parameterize images that settings can name. */
public final class Parameterizations {

    /** Those of the engine itself: {@code pixels} and {@code latents}. */
    public static final Parameterizations BUILT_IN = new Parameterizations(List.of());

    private final SortedMap<String, Parameterization> byName = new TreeMap<>();

    private Parameterizations(Collection<Parameterization> others) {
        add(new Pixels());
        add(new Latents());
        others.forEach(this::add);
    }

    private void add(Parameterization parameterization) {
        byName.put(parameterization.name(), parameterization);
    }

    /** The names, sorted. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /**
     * The one called {@code name}.
     *
     * @throws EngineException {@link Kind#INVALID_SETTING} with all names if there is none
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
