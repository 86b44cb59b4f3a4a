package dev.dsg.contracts.result;

import dev.dsg.contracts.error.Require;
import java.util.List;

/**
 * What a run achieved, for machines: the file that {@code --json} writes.
 *
 * @param jobs one report per job, in the order of submission
 */
public record RunReport(List<JobReport> jobs) {
    /** Refuses a missing list. */
    public RunReport {
        jobs = Require.list("jobs", jobs, 0);
    }
}
