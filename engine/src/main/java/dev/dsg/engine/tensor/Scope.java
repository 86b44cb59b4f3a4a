package dev.dsg.engine.tensor;

import ai.djl.ndarray.NDScope;
import java.util.function.Supplier;

/**
 * Frees, on close, the native memory of every tensor this thread made since the scope opened, except those it
 * {@linkplain #keep kept}. Scopes nest.
 */
public final class Scope implements AutoCloseable {

    private final NDScope scope;

    private Scope() {
        Native.manager();
        scope = new NDScope();
        scope.suppressNotUsedWarning();
    }

    /** Opens a scope for the current thread; close it in the same thread. */
    public static Scope open() {
        return new Scope();
    }

    /** What {@code work} makes; every other tensor it made is freed at once. */
    public static Tensor within(Supplier<Tensor> work) {
        Tensor made;
        try (Scope scope = open()) {
            made = scope.keep(work.get());
        }
        return adopt(made);
    }

    /** Takes {@code tensor} out of this scope: it lives until its own {@link Tensor#close()}. */
    public Tensor keep(Tensor tensor) {
        NDScope.unregister(tensor.array());
        return tensor;
    }

    /** Puts {@code tensor}, which another scope {@linkplain #keep kept}, into the innermost scope of the current thread. */
    public static Tensor adopt(Tensor tensor) {
        NDScope.register(tensor.array());
        return tensor;
    }

    @Override
    public void close() {
        scope.close();
    }
}
