package dev.dsg.gateway.jobs;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.platform.wire.Json;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** {@code GET /jobs} and {@code GET /jobs/ID}. */
@Path("/jobs")
@Produces(MediaType.APPLICATION_JSON)
public class JobsResource {

    private static final int MAX_LIMIT = 200;

    private final JobProjection jobs;

    JobsResource(JobProjection jobs) {
        this.jobs = jobs;
    }

    /**
     * A page of jobs, the newest first.
     *
     * @param after the {@code next} of the page before
     * @param limit the most jobs, 1 to 200
     */
    @GET
    public byte[] list(@QueryParam("after") String after, @QueryParam("limit") @DefaultValue("50") String limit) {
        int most = limit(limit);
        var from = Optional.ofNullable(after).map(JobId::parse).orElse(null);
        return Json.bytes(JobPage.of(jobs.page(from, most + 1), most));
    }

    /** One job. */
    @GET
    @Path("/{id}")
    public byte[] one(@PathParam("id") String id) {
        var job = JobId.parse(id);
        return Json.bytes(jobs.find(job)
                .orElseThrow(() -> new DsgException(ErrorCode.UNKNOWN_JOB, "jobId", job, "the id of a job")));
    }

    private static int limit(String text) {
        int limit = text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw DsgException.invalid("limit", text, "an integer in 1.." + MAX_LIMIT);
        }
        return limit;
    }
}
