package dev.dsg.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobState.Completed;
import dev.dsg.contracts.job.JobState.Submitted;
import dev.dsg.contracts.job.JobState.Synthesizing;
import dev.dsg.contracts.job.Stage;
import dev.dsg.contracts.message.JobEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JobProjectionTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final JobProjection jobs = new JobProjection(3, meters);

    @Test
    void shouldForgetTheOldestJobThatHasEnded() {
        // Given
        hear("a", new Submitted(), 1, 0);
        hear("b", new Completed(), 5, 1);
        hear("c", new Completed(), 5, 2);

        // When
        hear("d", new Submitted(), 1, 3);

        // Then
        assertThat(ids(null, 10)).containsExactly("d", "c", "a");
        assertThat(count(Stage.COMPLETED)).isEqualTo(1);
        assertThat(count(Stage.SUBMITTED)).isEqualTo(2);
    }

    @Test
    void shouldKeepJobsThatHaveNotEndedHoweverManyThereAre() {
        for (int i = 0; i < 5; i++) {
            hear("job" + i, new Submitted(), 1, i);
        }
        assertThat(ids(null, 10)).hasSize(5);
    }

    @Test
    void shouldNotBeMovedByEventsThatComeLateOrAgain() {
        // Given
        hear("a", new Submitted(), 1, 0);
        hear("a", new Synthesizing(0, 2), 2, 1);
        hear("a", new Synthesizing(1, 2), 3, 2);

        // When
        hear("a", new Synthesizing(0, 2), 2, 3);
        hear("a", new Synthesizing(1, 2), 3, 4);
        hear("a", new Submitted(), 1, 5);

        // Then
        var view = jobs.find(JobId.parse("a")).orElseThrow();
        assertThat(view.state()).isEqualTo(new Synthesizing(1, 2));
        assertThat(view.submittedAt()).isEqualTo(START);
        assertThat(view.changedAt()).isEqualTo(START.plusSeconds(1));
        assertThat(count(Stage.SYNTHESIZING)).isEqualTo(1);
        assertThat(count(Stage.SUBMITTED)).isZero();
    }

    @Test
    void shouldGoOnAfterAJobWhereverItIsByNow() {
        for (var id : List.of("a", "b", "c")) {
            hear(id, new Submitted(), 1, 0);
        }
        assertThat(ids(null, 2)).containsExactly("c", "b");
        hear("b", new Completed(), 5, 9);
        assertThat(ids("b", 2)).containsExactly("a");
        assertThatThrownBy(() -> ids("z", 1)).isInstanceOf(DsgException.class).hasMessageContaining("after is \"z\"");
    }

    private void hear(String id, JobState state, long version, int second) {
        jobs.hear(new JobEvent(JobId.parse(id), state, version, START.plusSeconds(second), null));
    }

    private List<String> ids(String after, int limit) {
        return jobs.page(after == null ? null : JobId.parse(after), limit).stream()
                .map(view -> view.jobId().value())
                .toList();
    }

    private double count(Stage stage) {
        return meters.get("dsg.jobs").tag("state", stage.wireName()).gauge().value();
    }
}
