package dev.dsg.gateway.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.job.JobId;
import java.util.List;

/**
 * Some of the jobs.
 *
 * @param jobs the newest first
 * @param next what to ask for as {@code after} to get those that follow; {@code null} where none do
 */
public record JobPage(
        List<JobView> jobs,
        @JsonInclude(JsonInclude.Include.NON_NULL) JobId next) {

    /** @param found one more than belongs on the page, if there are so many */
    static JobPage of(List<JobView> found, int limit) {
        return found.size() > limit
                ? new JobPage(found.subList(0, limit), found.get(limit - 1).jobId())
                : new JobPage(found, null);
    }
}
