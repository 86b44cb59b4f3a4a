package dev.dsg.engine.tensor;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/**
 * Records operations of the current thread for a backward pass. Unlike DJL's collector, of which a JVM may have only
 * one, any number of threads may hold one each. On close the thread's former mode returns.
 */
public final class GradientScope implements AutoCloseable {

    private final boolean before;

    private GradientScope(boolean record) {
        Native.manager();
        before = JniUtils.isGradMode();
        JniUtils.setGradMode(record);
    }

    /** Starts recording. */
    public static GradientScope open() {
        return new GradientScope(true);
    }

    /** Stops recording inside a recording scope, for constants that are computed on the way. */
    public static GradientScope pause() {
        return new GradientScope(false);
    }

    /** Whether the current thread records. */
    public static boolean recording() {
        Native.manager();
        return JniUtils.isGradMode();
    }

    /** Adds d {@code loss} / d leaf to {@link Tensor#gradient()} of every leaf; {@code loss} has one element. */
    public void backward(Tensor loss) {
        NDArray array = loss.array();
        try (NDArray one = array.getManager().ones(array.getShape(), array.getDataType())) {
            JniUtils.backward((PtNDArray) array, (PtNDArray) one, false, false);
        }
    }

    /**
     * Goes on with a backward pass that ended at a detached copy of {@code made}: adds to every leaf behind {@code made}
     * what {@code gradient}, the derivative by that copy, means for it.
     *
     * @throws IllegalArgumentException if there is no leaf
     */
    public void backward(Tensor made, Tensor gradient) {
        try {
            JniUtils.backward((PtNDArray) made.array(), (PtNDArray) gradient.array(), false, false);
        } catch (EngineException e) {
            if (String.valueOf(e.getMessage()).contains("does not require grad")) {
                throw new IllegalArgumentException("no leaf has a part in " + made, e);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        JniUtils.setGradMode(before);
    }
}
