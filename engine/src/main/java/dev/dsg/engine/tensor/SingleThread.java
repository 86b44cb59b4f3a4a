package dev.dsg.engine.tensor;

import ai.djl.pytorch.jni.JniUtils;

/**
 * Keeps the tensor operations of the current thread on one core until it is closed. Torch cuts the sum that is the
 * gradient of a convolution's weight among its threads, so its last bits depend on how many there are; with one, they do
 * not. On close the thread gets back as many as the process began with. A thread that makes its first tensor meanwhile
 * may start with one, which costs time and changes nothing else.
 */
public final class SingleThread implements AutoCloseable {

    private static final int USUAL = threads();

    private SingleThread() {
        JniUtils.setNumThreads(1);
    }

    /** Goes on with one thread; close it in the same thread. */
    public static SingleThread open() {
        return new SingleThread();
    }

    /** How many threads serve the current one. */
    static int threads() {
        Native.manager();
        return JniUtils.getNumThreads();
    }

    @Override
    public void close() {
        JniUtils.setNumThreads(USUAL);
    }
}
