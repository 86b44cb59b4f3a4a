package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.util.List;

/** How the integers of a weight follow from its values. */
public sealed interface RoundingMethod permits RoundingMethod.Nearest, RoundingMethod.Squant, Reconstruction {

    /** Each value to the nearest integer. */
    RoundingMethod NEAREST = new Nearest();

    /** Errors that cancel within kernels and output channels; needs no images. */
    RoundingMethod SQUANT = new Squant();

    /** {@link #NEAREST}. */
    record Nearest() implements RoundingMethod {}

    /** {@link #SQUANT}; what it does is said at {@link SquantFlips}. */
    record Squant() implements RoundingMethod {}

    /** The names that {@link #named} knows. */
    List<String> NAMES = List.of("nearest", "squant", "adaround", "brecq", "qdrop");

    /**
     * The method called {@code name}, with its usual settings.
     *
     * @param seed of what the method draws, if it draws anything
     */
    static RoundingMethod named(String name, long seed) {
        return switch (name) {
            case "nearest" -> NEAREST;
            case "squant" -> SQUANT;
            case "adaround" -> Reconstruction.adaRound(seed);
            case "brecq" -> Reconstruction.brecq(seed);
            case "qdrop" -> Reconstruction.qdrop(seed);
            default -> throw new EngineException(Kind.INVALID_SETTING, "rounding", name, "one of " + NAMES);
        };
    }
}
