package dev.dsg.platform.queue;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.AcknowledgeType;

/** One delivery on a thread of its own. */
final class TaskRun {

    private volatile boolean cancelled;
    private final FutureTask<AcknowledgeType> work;
    private final Thread thread;

    private TaskRun(String name, Function<BooleanSupplier, AcknowledgeType> task) {
        work = new FutureTask<>(() -> task.apply(() -> cancelled));
        thread = Thread.ofPlatform().name(name).daemon().unstarted(work);
    }

    /** Begins a task; it is handed a probe that says whether it is cancelled. */
    static TaskRun start(String name, Function<BooleanSupplier, AcknowledgeType> task) {
        var run = new TaskRun(name, task);
        run.thread.start();
        return run;
    }

    /** Waits a while for the end. */
    boolean endedWithin(Duration time) throws InterruptedException {
        return thread.join(time);
    }

    /** Tells the task to stop, by its probe and by an interrupt. */
    void cancel() {
        if (!cancelled) {
            cancelled = true;
            thread.interrupt();
        }
    }

    /** What to tell the broker; a task that is still running, or broke down, wants its record back in the queue. */
    AcknowledgeType acknowledgement() {
        return work.state() == FutureTask.State.SUCCESS ? work.resultNow() : AcknowledgeType.RELEASE;
    }
}
