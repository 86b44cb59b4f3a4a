package dev.dsg.engine.quantization;

import dev.dsg.engine.ProgressListener;

/** Counts the steps of several computations as those of one. */
final class Steps {

    private final ProgressListener listener;
    private final int total;
    private int done;

    Steps(ProgressListener listener, int total) {
        this.listener = listener;
        this.total = total;
    }

    /** One more step is done. */
    void step() {
        skip(1);
    }

    /** {@code count} more steps are done, or need not be. */
    void skip(int count) {
        done += count;
        listener.progress(done, total);
    }
}
