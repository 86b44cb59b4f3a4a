package dev.dsg.contracts.error;

/** Every way a job or a message can fail; the names are part of the wire format. */
public enum ErrorCode {
    /** The payload is not JSON, or not the JSON of its message. */
    MALFORMED_MESSAGE(Disposition.DEAD_LETTER),
    /** A field is unknown, missing or out of its bounds. */
    INVALID_FIELD(Disposition.DEAD_LETTER),
    /** The store has no network of that name. */
    UNKNOWN_MODEL(Disposition.DEAD_LETTER),
    /** The store has no data set of that name. */
    UNKNOWN_DATASET(Disposition.DEAD_LETTER),
    /** There is no job of that id. */
    UNKNOWN_JOB(Disposition.DEAD_LETTER),
    /** The data set's classes or image shape are not those of the network. */
    CLASSES_DO_NOT_FIT(Disposition.DEAD_LETTER),
    /** The weights are truncated, contradict their header, or are not those of the card. */
    CORRUPT_MODEL(Disposition.DEAD_LETTER),
    /** The network has no BatchNorm to invert: it was folded away or never there. */
    NO_BATCH_NORM(Disposition.DEAD_LETTER),
    /** The network has an operation, or a form of one, that the engine does not compute. */
    UNSUPPORTED_OPERATOR(Disposition.DEAD_LETTER),
    /** A shape of the network depends on what is known only when it runs. */
    UNRESOLVED_SHAPE(Disposition.DEAD_LETTER),
    /** A stored object is not what its reference says. */
    CORRUPT_OBJECT(Disposition.DEAD_LETTER),
    /** A checkpoint is of other work: another network, specification, seed or program. */
    FOREIGN_CHECKPOINT(Disposition.DEAD_LETTER),
    /** The id belongs to a job with another body. */
    DUPLICATE_JOB(Disposition.DEAD_LETTER),
    /** The job was cancelled; its remaining work is void. */
    JOB_CANCELLED(Disposition.DROP),
    /** Delivered more often than allowed: whoever took it died or kept failing. */
    DELIVERIES_EXHAUSTED(Disposition.DEAD_LETTER),
    /** The object store does not answer. */
    STORE_UNAVAILABLE(Disposition.RELEASE),
    /** The broker does not answer. */
    BROKER_UNAVAILABLE(Disposition.RELEASE),
    /** A defect, or a cause not foreseen. Tried again, because the delivery limit bounds it. */
    INTERNAL(Disposition.RELEASE);

    private final Disposition disposition;

    ErrorCode(Disposition disposition) {
        this.disposition = disposition;
    }

    /** What becomes of the message. */
    public Disposition disposition() {
        return disposition;
    }

    /** Whether doing the same again can succeed. */
    public boolean retryable() {
        return disposition == Disposition.RELEASE;
    }
}
