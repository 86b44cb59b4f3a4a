package dev.dsg.engine.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;

/** The PyTorch engine: one base manager, and autograd switched off in every thread that enters. */
final class Native {

    private static final NDManager MANAGER = NDManager.newBaseManager();

    /** Every new Java thread starts with autograd on, because DJL switches it off only where it started the engine. */
    private static final ThreadLocal<Boolean> QUIET = ThreadLocal.withInitial(() -> {
        JniUtils.setGradMode(false);
        return true;
    });

    private Native() {}

    static NDManager manager() {
        QUIET.get();
        return MANAGER;
    }

    /** A 0-dimensional array in native memory; unlike {@code array.mul(Number)} it outlives a garbage collection. */
    static NDArray scalar(double value) {
        return manager().full(new Shape(), (float) value, DataType.FLOAT32);
    }

    /** Copies host values: the array over the Java buffer is closed at once, its duplicate lives in native memory. */
    static NDArray copyOf(float[] values, long... shape) {
        try (NDArray view = manager().create(FloatBuffer.wrap(values), new Shape(shape), DataType.FLOAT32)) {
            return view.duplicate();
        }
    }
}
