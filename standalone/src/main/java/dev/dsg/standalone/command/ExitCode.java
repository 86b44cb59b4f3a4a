package dev.dsg.standalone.command;

import dev.dsg.contracts.error.ErrorCode;

/** What the command line ends with. A command that is interrupted ends with 130, by the shell's convention. */
final class ExitCode {

    /** All went well. */
    static final int OK = 0;
    /** A job failed, or was cancelled. */
    static final int JOB_FAILED = 1;
    /** What was asked for is not understood, or not allowed. */
    static final int USAGE = 2;
    /** The system does not run, or does not run well. */
    static final int SYSTEM = 3;

    private ExitCode() {}

    static int of(ErrorCode code) {
        return switch (code) {
            case MALFORMED_MESSAGE, INVALID_FIELD, UNKNOWN_JOB -> USAGE;
            case UNKNOWN_MODEL,
                    UNKNOWN_DATASET,
                    CLASSES_DO_NOT_FIT,
                    CORRUPT_MODEL,
                    NO_BATCH_NORM,
                    UNSUPPORTED_OPERATOR,
                    UNRESOLVED_SHAPE,
                    CORRUPT_OBJECT,
                    FOREIGN_CHECKPOINT,
                    DUPLICATE_JOB,
                    JOB_CANCELLED,
                    DELIVERIES_EXHAUSTED -> JOB_FAILED;
            case STORE_UNAVAILABLE, BROKER_UNAVAILABLE, INTERNAL -> SYSTEM;
        };
    }
}
