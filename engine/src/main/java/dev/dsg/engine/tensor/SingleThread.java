package dev.dsg.engine.tensor;

import ai.djl.pytorch.jni.JniUtils;

/**
 * Keeps the tensor operations of the current thread on one core until it is closed. Torch cuts the sum that is the
 * gradient of a convolution's weight among its threads, so its last bits depend on how many there are; with one, they do
 * not.
 *
 * <p>Part of torch's setting is that of the thread, part is that of the process. So a thread gets back as many as the
 * process began with only if nobody else needs one any more; otherwise it goes on with one, until it has opened and closed
 * this again, which costs time and changes nothing else. That is also how a thread starts that makes its first tensor
 * meanwhile.
 */
public final class SingleThread implements AutoCloseable {

    private static final int USUAL = threads();
    private static final Object LOCK = new Object();
    private static int open;

    private SingleThread() {}

    /** Goes on with one thread; close it in the same thread. */
    public static SingleThread open() {
        synchronized (LOCK) {
            open++;
            JniUtils.setNumThreads(1);
        }
        return new SingleThread();
    }

    /** How many threads serve the current one. */
    static int threads() {
        Native.manager();
        return JniUtils.getNumThreads();
    }

    @Override
    public void close() {
        synchronized (LOCK) {
            if (--open == 0) {
                JniUtils.setNumThreads(USUAL);
            }
        }
    }
}
