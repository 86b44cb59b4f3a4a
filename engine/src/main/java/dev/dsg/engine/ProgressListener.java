package dev.dsg.engine;

/** Told how far a long computation is; it may throw to stop it. */
@FunctionalInterface
public interface ProgressListener {

    /** A listener that does nothing. */
    ProgressListener NONE = (_, _) -> {};

    /** {@code done} of {@code total} steps are behind us. */
    void progress(int done, int total);
}
