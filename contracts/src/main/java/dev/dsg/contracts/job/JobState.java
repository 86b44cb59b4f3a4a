package dev.dsg.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.error.Require;

/**
 * Where a job is. A transition is a method that exists only on the states it may start from, so an illegal one does not
 * compile; from a {@link Terminal} state no work leads on.
 *
 * <pre>
 * Submitted -> Synthesizing(done, total) -> Quantizing -> Evaluating -> Completed
 *         any of these four -> Failed | Cancelled
 *                              Failed -> Submitted, when people have mended what it failed of
 * </pre>
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "stage")
@JsonSubTypes({
    @JsonSubTypes.Type(value = JobState.Submitted.class, name = "submitted"),
    @JsonSubTypes.Type(value = JobState.Synthesizing.class, name = "synthesizing"),
    @JsonSubTypes.Type(value = JobState.Quantizing.class, name = "quantizing"),
    @JsonSubTypes.Type(value = JobState.Evaluating.class, name = "evaluating"),
    @JsonSubTypes.Type(value = JobState.Completed.class, name = "completed"),
    @JsonSubTypes.Type(value = JobState.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = JobState.Cancelled.class, name = "cancelled")
})
public sealed interface JobState {

    /** A state that something follows. */
    sealed interface Active extends JobState {
        /** Gives the job up. */
        default Failed fail(ErrorCode code, String field, String message) {
            return new Failed(code, field, message);
        }

        /** Gives the job up for the reason an exception names. */
        default Failed fail(DsgException cause) {
            return fail(cause.code(), cause.field().orElse(null), cause.getMessage());
        }

        /** Calls the job off. */
        default Cancelled cancel(String reason) {
            return new Cancelled(reason);
        }
    }

    /** A state that the job itself does not leave. It reaches exactly one. */
    sealed interface Terminal extends JobState {}

    /** Accepted; its tasks are being handed out. */
    record Submitted() implements Active {
        /** All synthesis tasks are handed out. */
        public Synthesizing synthesizing(int batches) {
            return new Synthesizing(0, batches);
        }
    }

    /**
     * Batches are being made.
     *
     * @param done how many are there
     * @param total how many there will be
     */
    record Synthesizing(int done, int total) implements Active {
        /** Refuses less than one batch in all, and more done than there are. */
        public Synthesizing {
            Require.atLeast("total", total, 1);
            Require.within("done", done, 0, total);
        }

        /** As many batches are there as {@code count}, or as were before: news that comes late takes nothing back. */
        public Synthesizing progressedTo(int count) {
            return new Synthesizing(Math.max(done, count), total);
        }

        /** Whether all batches are there. */
        public boolean allDone() {
            return done == total;
        }

        /**
         * All batches are there.
         *
         * @throws IllegalStateException if they are not
         */
        public Quantizing quantizing() {
            if (!allDone()) {
                throw new IllegalStateException("only " + done + " of " + total + " batches are there");
            }
            return new Quantizing();
        }

        /**
         * The first batch is there, and the network learns from it while others are made.
         *
         * @throws IllegalStateException if there is none
         */
        public Quantizing streaming() {
            if (done == 0) {
                throw new IllegalStateException("none of " + total + " batches is there");
            }
            return new Quantizing();
        }
    }

    /** The network is being quantized; where it is trained, batches may still be made. */
    record Quantizing() implements Active {
        /** The artefact is there. */
        public Evaluating evaluating() {
            return new Evaluating();
        }
    }

    /** The artefact is being measured. */
    record Evaluating() implements Active {
        /** The report is there. */
        public Completed completed() {
            return new Completed();
        }
    }

    /** The report is there. */
    record Completed() implements Terminal {}

    /**
     * Given up.
     *
     * @param code why
     * @param field the field at fault, where there is one
     * @param message why, for people
     */
    record Failed(
            ErrorCode code,
            @JsonInclude(JsonInclude.Include.NON_NULL) String field,
            String message) implements Terminal {
        /** Refuses a failure without a reason. */
        public Failed {
            Require.present("code", code);
            Require.text("message", message);
        }

        /** People want it tried again; what was made so far is there. */
        public Submitted reopened() {
            return new Submitted();
        }
    }

    /**
     * Called off.
     *
     * @param reason why, for people
     */
    record Cancelled(String reason) implements Terminal {
        /** Refuses a cancellation without a reason. */
        public Cancelled {
            Require.text("reason", reason);
        }
    }

    /** The name of this state. */
    default Stage stage() {
        return switch (this) {
            case Submitted _ -> Stage.SUBMITTED;
            case Synthesizing _ -> Stage.SYNTHESIZING;
            case Quantizing _ -> Stage.QUANTIZING;
            case Evaluating _ -> Stage.EVALUATING;
            case Completed _ -> Stage.COMPLETED;
            case Failed _ -> Stage.FAILED;
            case Cancelled _ -> Stage.CANCELLED;
        };
    }
}
