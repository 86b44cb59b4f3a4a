package dev.dsg.contracts;

import java.util.List;
import java.util.Map;

/** Every Kafka topic of the system, and the share groups that read the queues among them. */
public final class Topics {
    /** Queue: jobs submitted and cancelled. */
    public static final String JOBS = "dsg.jobs";
    /** Queue: one record per batch of images to synthesise. */
    public static final String SYNTHESIS_TASKS = "dsg.synthesis-tasks";
    /** Stream: batches that lie in the store. */
    public static final String BATCHES = "dsg.batches";
    /** Queue: jobs whose batches are complete. */
    public static final String QUANTIZATION_TASKS = "dsg.quantization-tasks";
    /** Queue: artefacts to measure. */
    public static final String EVALUATION_TASKS = "dsg.evaluation-tasks";
    /** Stream: reports that lie in the store. */
    public static final String REPORTS = "dsg.reports";
    /** Stream: state changes and progress of every job. */
    public static final String JOB_EVENTS = "dsg.job-events";
    /** Stream: records that no worker could handle, with the reason and their origin. */
    public static final String DEAD_LETTERS = "dsg.dead-letters";

    /** Reads {@link #JOBS}. */
    public static final String PLANNER_GROUP = "dsg-planner";
    /** Reads {@link #SYNTHESIS_TASKS}. */
    public static final String SYNTHESIS_GROUP = "dsg-synthesis";
    /** Reads {@link #QUANTIZATION_TASKS}. */
    public static final String QUANTIZATION_GROUP = "dsg-quantization";
    /** Reads {@link #EVALUATION_TASKS}. */
    public static final String EVALUATION_GROUP = "dsg-evaluation";

    /** All topics. */
    public static final List<String> ALL = List.of(
            JOBS, SYNTHESIS_TASKS, BATCHES, QUANTIZATION_TASKS, EVALUATION_TASKS, REPORTS, JOB_EVENTS, DEAD_LETTERS);

    /** Share group to the queue that it reads; a topic that is not a value here is a stream. */
    public static final Map<String, String> QUEUES = Map.of(
            PLANNER_GROUP, JOBS,
            SYNTHESIS_GROUP, SYNTHESIS_TASKS,
            QUANTIZATION_GROUP, QUANTIZATION_TASKS,
            EVALUATION_GROUP, EVALUATION_TASKS);

    private Topics() {}
}
