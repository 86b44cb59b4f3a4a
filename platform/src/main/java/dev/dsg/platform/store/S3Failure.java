package dev.dsg.platform.store;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.InvalidResponseException;
import io.minio.errors.ServerException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Set;

/** One failed request, sorted by what can be done about it. */
final class S3Failure extends RuntimeException {

    private static final Set<String> TRANSIENT_CODES = Set.of(
            "ConditionalRequestConflict",
            "InternalError",
            "OperationAborted",
            "RequestTimeout",
            "ServiceUnavailable",
            "SlowDown");

    enum Kind {
        /** A condition of the request does not hold. */
        PRECONDITION,
        /** There is no such object. */
        MISSING,
        /** The request may or may not have had its effect; trying again can help. */
        TRANSIENT,
        /** The server says no, and will again. */
        REFUSED
    }

    private final Kind kind;
    private final boolean repeated;

    private S3Failure(Kind kind, boolean repeated, Throwable cause) {
        super(cause);
        this.kind = kind;
        this.repeated = repeated;
    }

    static S3Failure of(Throwable cause, boolean repeated) {
        return new S3Failure(kindOf(cause), repeated, cause);
    }

    Kind kind() {
        return kind;
    }

    /** Whether tries came before whose outcome is unknown. */
    boolean repeated() {
        return repeated;
    }

    DsgException unavailable(String doing) {
        var reason = getCause() instanceof ErrorResponseException e
                ? e.errorResponse().code()
                : String.valueOf(getCause().getMessage());
        return new DsgException(ErrorCode.STORE_UNAVAILABLE, "cannot " + doing + ": " + reason, getCause());
    }

    private static Kind kindOf(Throwable cause) {
        return switch (cause) {
            case FileNotFoundException _ -> Kind.REFUSED;
            case IOException _ -> Kind.TRANSIENT;
            case ServerException e -> ofStatus(e.statusCode());
            // Not even XML: a proxy in between, or a server that is going down.
            case InvalidResponseException _ -> Kind.TRANSIENT;
            case ErrorResponseException e -> ofResponse(e);
            default -> cause.getCause() instanceof IOException ? Kind.TRANSIENT : Kind.REFUSED;
        };
    }

    private static Kind ofResponse(ErrorResponseException e) {
        var code = e.errorResponse().code();
        if (TRANSIENT_CODES.contains(code)) {
            return Kind.TRANSIENT;
        }
        // A missing bucket is a 404 too, but not the absence of an object.
        return "NoSuchBucket".equals(code)
                ? Kind.REFUSED
                : ofStatus(e.response().code());
    }

    private static Kind ofStatus(int status) {
        return switch (status) {
            case 404 -> Kind.MISSING;
            case 412 -> Kind.PRECONDITION;
            case 429 -> Kind.TRANSIENT;
            default -> status >= 500 ? Kind.TRANSIENT : Kind.REFUSED;
        };
    }
}
