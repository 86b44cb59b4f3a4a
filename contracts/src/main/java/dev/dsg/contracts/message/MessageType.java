package dev.dsg.contracts.message;

import dev.dsg.contracts.Topics;
import java.util.Arrays;
import java.util.Optional;

/** Every kind of message: its CloudEvents type, the topic it travels on, the record that it is. */
public enum MessageType {
    /** A job is to be run. */
    JOB_SUBMITTED("dev.dsg.job.submitted.v1", Topics.JOBS, JobSubmitted.class),
    /** A job is to be called off. */
    JOB_CANCELLED("dev.dsg.job.cancelled.v1", Topics.JOBS, JobCancelled.class),
    /** A batch is to be synthesised. */
    SYNTHESIS_TASK("dev.dsg.synthesis.task.v1", Topics.SYNTHESIS_TASKS, SynthesisTask.class),
    /** A batch lies in the store. */
    BATCH_READY("dev.dsg.batch.ready.v1", Topics.BATCHES, BatchReady.class),
    /** A network is to be quantized. */
    QUANTIZATION_TASK("dev.dsg.quantization.task.v1", Topics.QUANTIZATION_TASKS, QuantizationTask.class),
    /** An artefact is to be measured. */
    EVALUATION_TASK("dev.dsg.evaluation.task.v1", Topics.EVALUATION_TASKS, EvaluationTask.class),
    /** A report lies in the store. */
    REPORT_READY("dev.dsg.report.ready.v1", Topics.REPORTS, ReportReady.class),
    /** A job changed or made progress. */
    JOB_EVENT("dev.dsg.job.event.v1", Topics.JOB_EVENTS, JobEvent.class),
    /** A record could not be handled. */
    DEAD_LETTER("dev.dsg.dead.letter.v1", Topics.DEAD_LETTERS, DeadLetter.class),
    /** A record that could not be handled was put back where it came from. */
    DEAD_LETTER_REDRIVEN("dev.dsg.dead.letter.redriven.v1", Topics.DEAD_LETTERS, DeadLetterRedriven.class);

    private final String ceType;
    private final String topic;
    private final Class<? extends Message> record;

    MessageType(String ceType, String topic, Class<? extends Message> record) {
        this.ceType = ceType;
        this.topic = topic;
        this.record = record;
    }

    /** The versioned {@code ce_type}. */
    public String ceType() {
        return ceType;
    }

    /** The topic, one of {@link Topics#ALL}. */
    public String topic() {
        return topic;
    }

    /** The record. */
    public Class<? extends Message> record() {
        return record;
    }

    /** The kind that a {@code ce_type} names, if there is one. */
    public static Optional<MessageType> ofCeType(String ceType) {
        return Arrays.stream(values())
                .filter(type -> type.ceType.equals(ceType))
                .findFirst();
    }
}
