package dev.dsg.engine.synthesis;

/**
 * What is trained so that images come out. The engine has {@code pixels} and {@code latents}; a jar may add others as a
 * service of this type (see {@link java.util.ServiceLoader}, {@link Parameterizations} and {@code docs/plugins.md}).
 *
 * <p>An implementation has a public constructor without arguments, and may serve several threads at once.
 */
public interface Parameterization {

    /** The name that settings give: lower-case letters, digits and dashes, beginning with a letter, at most 63. */
    String name();

    /** Starts the images of one batch. */
    TrainableImages begin(Canvas canvas);
}
