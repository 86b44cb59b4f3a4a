package dev.dsg.platform.queue;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.message.EvaluationTask;
import dev.dsg.contracts.message.Message;
import dev.dsg.contracts.message.QuantizationTask;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.platform.wire.CloudEvents;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A queue and who reads it.
 *
 * @param group the share group, one of {@link Topics#QUEUES}
 * @param type what its messages have in common
 */
public record Queue<M extends Message>(String group, Class<M> type) {

    /** Jobs submitted and cancelled. */
    public static final Queue<Message> JOBS = new Queue<>(Topics.PLANNER_GROUP, Message.class);
    /** Batches to synthesise. */
    public static final Queue<SynthesisTask> SYNTHESIS = new Queue<>(Topics.SYNTHESIS_GROUP, SynthesisTask.class);
    /** Networks to quantize. */
    public static final Queue<QuantizationTask> QUANTIZATION =
            new Queue<>(Topics.QUANTIZATION_GROUP, QuantizationTask.class);
    /** Artefacts to measure. */
    public static final Queue<EvaluationTask> EVALUATION = new Queue<>(Topics.EVALUATION_GROUP, EvaluationTask.class);

    /** Its topic. */
    public String topic() {
        return Topics.QUEUES.get(group);
    }

    /**
     * The message of a record.
     *
     * @throws DsgException {@code MALFORMED_MESSAGE} or {@code INVALID_FIELD} for what does not belong into this queue
     */
    M parse(ConsumerRecord<String, byte[]> incoming) {
        var message = CloudEvents.parse(incoming.headers(), incoming.value());
        if (!message.type().topic().equals(topic())) {
            throw new DsgException(
                    ErrorCode.MALFORMED_MESSAGE,
                    CloudEvents.TYPE,
                    message.type().ceType(),
                    "a message of " + topic());
        }
        return type.cast(message);
    }
}
