package dev.dsg.generator;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.engine.EngineException;

/** Says in the system's terms what the engine refused. The files it reads here are those of a network. */
final class EngineFailures {

    private EngineFailures() {}

    static DsgException translate(EngineException e) {
        return translate("synthesis", e);
    }

    /** @param section of the job that the settings at hand come from */
    static DsgException translate(String section, EngineException e) {
        return switch (e.kind()) {
            case CORRUPT_FILE, INCOMPATIBLE_SHAPES -> failure(ErrorCode.CORRUPT_MODEL, "model." + e.field(), e);
            case UNKNOWN_ARCHITECTURE -> failure(ErrorCode.INVALID_FIELD, "model." + e.field(), e);
            case NO_BATCH_NORM -> failure(ErrorCode.NO_BATCH_NORM, "model." + e.field(), e);
            case UNSUPPORTED_OPERATOR -> failure(ErrorCode.UNSUPPORTED_OPERATOR, "model." + e.field(), e);
            case UNRESOLVED_SHAPE -> failure(ErrorCode.UNRESOLVED_SHAPE, "model." + e.field(), e);
            case INVALID_SETTING -> failure(ErrorCode.INVALID_FIELD, section + "." + e.field(), e);
        };
    }

    private static DsgException failure(ErrorCode code, String field, EngineException e) {
        return new DsgException(code, field, e.value(), e.expected(), e);
    }
}
