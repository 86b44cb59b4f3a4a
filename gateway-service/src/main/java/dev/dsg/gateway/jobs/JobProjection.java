package dev.dsg.gateway.jobs;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.Stage;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.Message;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The newest jobs and where they are, made of nothing but the events that were heard. Hearing events again changes
 * nothing.
 *
 * <p>Of more jobs than are to be kept, those are forgotten that were submitted longest ago and have ended.
 */
@Singleton
public final class JobProjection {

    private final int kept;
    private final Map<JobId, Place> places = new HashMap<>();
    private final TreeMap<Place, JobView> newestFirst = new TreeMap<>();
    private final Map<Stage, Integer> counts = new EnumMap<>(Stage.class);

    /** Where a job stands in the list. */
    private record Place(Instant submittedAt, JobId job) implements Comparable<Place> {
        private static final Comparator<Place> NEWEST_FIRST = Comparator.comparing(Place::submittedAt)
                .thenComparing(Place::job)
                .reversed();

        @Override
        public int compareTo(Place other) {
            return NEWEST_FIRST.compare(this, other);
        }
    }

    @Inject
    JobProjection(@ConfigProperty(name = "dsg.gateway.jobs-kept") int kept, MeterRegistry meters) {
        this.kept = kept;
        for (var stage : Stage.values()) {
            Gauge.builder("dsg.jobs", () -> count(stage))
                    .description("Jobs in a state, of the newest that the gateway keeps")
                    .tag("state", stage.wireName())
                    .register(meters);
        }
    }

    /** Hears of a job. */
    public void hear(Message message) {
        if (message instanceof JobEvent event) {
            hear(event);
        }
    }

    private synchronized void hear(JobEvent event) {
        var place = places.get(event.jobId());
        if (place == null) {
            put(JobView.of(event));
            forget();
        } else {
            var before = newestFirst.get(place);
            count(before, -1);
            put(before.after(event));
        }
    }

    private void put(JobView view) {
        var place = new Place(view.submittedAt(), view.jobId());
        places.put(view.jobId(), place);
        newestFirst.put(place, view);
        count(view, 1);
    }

    private void forget() {
        if (places.size() <= kept) {
            return;
        }
        for (var oldest : newestFirst.descendingMap().values()) {
            if (oldest.state() instanceof JobState.Terminal) {
                newestFirst.remove(places.remove(oldest.jobId()));
                count(oldest, -1);
                return;
            }
        }
    }

    private void count(JobView view, int difference) {
        counts.merge(view.state().stage(), difference, Integer::sum);
    }

    /** How many of the jobs are in a stage. */
    synchronized int count(Stage stage) {
        return counts.getOrDefault(stage, 0);
    }

    /** What is known of a job. */
    synchronized Optional<JobView> find(JobId job) {
        return Optional.ofNullable(places.get(job)).map(newestFirst::get);
    }

    /**
     * Jobs, the newest first.
     *
     * @param after those that come after this one; {@code null} for the newest of all
     * @param limit the most
     * @throws DsgException {@code UNKNOWN_JOB} if {@code after} is none, or was forgotten
     */
    synchronized List<JobView> page(JobId after, int limit) {
        if (after == null) {
            return newestFirst.values().stream().limit(limit).toList();
        }
        var place = places.get(after);
        if (place == null) {
            throw new DsgException(ErrorCode.UNKNOWN_JOB, "after", after, "the id of a job of the page before");
        }
        return newestFirst.tailMap(place, false).values().stream().limit(limit).toList();
    }
}
