package dev.dsg.generator;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.synthesis.Parameterizations;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The ways to make images that jobs can name: the engine's own, and those of the jars in {@code dsg.plugins}. */
@Singleton
final class Plugins {

    private final Parameterizations parameterizations;

    /**
     * @param folder of jars, if there is one
     * @throws EngineException if it is none or a jar in it is not fit for use; the service then does not start
     */
    Plugins(@ConfigProperty(name = "dsg.plugins") Optional<Path> folder) {
        parameterizations = folder.map(Parameterizations::load).orElse(Parameterizations.BUILT_IN);
    }

    Parameterizations parameterizations() {
        return parameterizations;
    }
}
