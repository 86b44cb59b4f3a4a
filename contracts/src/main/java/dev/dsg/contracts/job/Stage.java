package dev.dsg.contracts.job;

/** What a job is doing, without the numbers: the name of its {@link JobState}. */
public enum Stage implements WireNamed {
    /** Accepted; its tasks are being handed out. */
    SUBMITTED,
    /** Batches are being made. */
    SYNTHESIZING,
    /** The batches are there, or the first of them where a network is trained; it is being quantized. */
    QUANTIZING,
    /** The artefact is there; it is being measured. */
    EVALUATING,
    /** The report is there. */
    COMPLETED,
    /** Given up. */
    FAILED,
    /** Called off. */
    CANCELLED
}
