package dev.dsg.platform.redrive;

import dev.dsg.contracts.job.JobId;
import java.time.Instant;

/** What became of the wish to redrive a letter. */
public sealed interface Outcome {

    /** The record is back on its topic. */
    record PutBack() implements Outcome {}

    /**
     * The record is back on its topic, and its job, which had failed, is planned anew.
     *
     * @param job which
     */
    record Reopened(JobId job) implements Outcome {}

    /**
     * It was redriven before; nothing was done.
     *
     * @param at when
     */
    record Already(Instant at) implements Outcome {}

    /**
     * Nothing was done, for nobody would act on the record.
     *
     * @param reason why, for people
     */
    record Pointless(String reason) implements Outcome {}
}
