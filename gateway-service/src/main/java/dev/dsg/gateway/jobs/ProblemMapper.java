package dev.dsg.gateway.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.platform.wire.Json;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers with what was wrong, in the terms of all other refusals: code, field, message. */
@Provider
public class ProblemMapper implements ExceptionMapper<DsgException> {

    /** The body of such an answer. */
    record Problem(
            ErrorCode code,
            @JsonInclude(JsonInclude.Include.NON_NULL) String field,
            String message) {}

    @Override
    public Response toResponse(DsgException refusal) {
        var problem = new Problem(refusal.code(), refusal.field().orElse(null), refusal.getMessage());
        return Response.status(status(refusal.code()))
                .type(MediaType.APPLICATION_JSON)
                .entity(Json.bytes(problem))
                .build();
    }

    private static Status status(ErrorCode code) {
        return switch (code) {
            case UNKNOWN_JOB -> Status.NOT_FOUND;
            case INVALID_FIELD, MALFORMED_MESSAGE -> Status.BAD_REQUEST;
            case STORE_UNAVAILABLE, BROKER_UNAVAILABLE -> Status.SERVICE_UNAVAILABLE;
            default -> Status.INTERNAL_SERVER_ERROR;
        };
    }
}
