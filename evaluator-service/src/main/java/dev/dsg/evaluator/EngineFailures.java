package dev.dsg.evaluator;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.engine.EngineException;

/** Says in the system's terms what the engine refused. The network was checked before; new are artefact and shards. */
final class EngineFailures {

    private EngineFailures() {}

    static DsgException translate(EngineException e) {
        ErrorCode code =
                switch (e.kind()) {
                    case CORRUPT_FILE, INCOMPATIBLE_SHAPES -> ErrorCode.CORRUPT_OBJECT;
                    case UNKNOWN_ARCHITECTURE, INVALID_SETTING -> ErrorCode.INVALID_FIELD;
                    case NO_BATCH_NORM -> ErrorCode.NO_BATCH_NORM;
                    case UNSUPPORTED_OPERATOR -> ErrorCode.UNSUPPORTED_OPERATOR;
                    case UNRESOLVED_SHAPE -> ErrorCode.UNRESOLVED_SHAPE;
                };
        return new DsgException(code, "evaluation." + e.field(), e.value(), e.expected(), e);
    }
}
