package dev.dsg.contracts.message;

/**
 * What a Kafka record of the system says.
 *
 * <p>Work is repeated after a crash, and so are its messages: a repeated message has the same {@link #eventId}, by which
 * a reader knows it.
 */
public sealed interface Message
        permits JobSubmitted,
                JobCancelled,
                SynthesisTask,
                BatchReady,
                QuantizationTask,
                EvaluationTask,
                ReportReady,
                JobEvent,
                DeadLetter,
                DeadLetterRedriven {

    /** The {@code ce_id}: the same text whenever the same thing is said, never the same for different things. */
    String eventId();

    /** The key of the Kafka record; records of one key stay in order. */
    String recordKey();

    /** The kind of message. */
    default MessageType type() {
        return switch (this) {
            case JobSubmitted _ -> MessageType.JOB_SUBMITTED;
            case JobCancelled _ -> MessageType.JOB_CANCELLED;
            case SynthesisTask _ -> MessageType.SYNTHESIS_TASK;
            case BatchReady _ -> MessageType.BATCH_READY;
            case QuantizationTask _ -> MessageType.QUANTIZATION_TASK;
            case EvaluationTask _ -> MessageType.EVALUATION_TASK;
            case ReportReady _ -> MessageType.REPORT_READY;
            case JobEvent _ -> MessageType.JOB_EVENT;
            case DeadLetter _ -> MessageType.DEAD_LETTER;
            case DeadLetterRedriven _ -> MessageType.DEAD_LETTER_REDRIVEN;
        };
    }
}
