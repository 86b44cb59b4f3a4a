package dev.dsg.standalone.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A line at every tenth of the work, but not more often than every two seconds, and one at the end. */
final class Lines implements Progress {

    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Terminal terminal;
    private final InstantSource clock;
    private final String task;
    private final String unit;
    private final Instant start;
    private Instant lastSaid;
    private long tenthsSaid;
    private long done;
    private long total = UNKNOWN;
    private String words = "";

    Lines(Terminal terminal, InstantSource clock, String task, String unit) {
        this.terminal = terminal;
        this.clock = clock;
        this.task = task;
        this.unit = unit;
        this.start = clock.instant();
        this.lastSaid = start;
        terminal.say(task + " ...");
    }

    @Override
    public void to(long units, long all) {
        done = units;
        total = all;
        var now = clock.instant();
        if (done < total
                && tenths() > tenthsSaid
                && Duration.between(lastSaid, now).compareTo(PAUSE) >= 0) {
            tenthsSaid = tenths();
            lastSaid = now;
            terminal.say(line(now));
        }
    }

    @Override
    public void note(String said) {
        words = said.isEmpty() ? "" : ", " + said;
    }

    @Override
    public void plot(String name, long at, double value) {
        // Whoever reads lines reads numbers; they are in the note.
    }

    @Override
    public void close() {
        terminal.say(line(clock.instant()));
    }

    private long tenths() {
        return done * 10 / total;
    }

    private String line(Instant now) {
        var elapsed = Duration.between(start, now);
        if (total <= 0) {
            return task + " " + seconds(elapsed) + words;
        }
        var left = done > 0 && done < total
                ? ", about " + seconds(elapsed.multipliedBy(total - done).dividedBy(done)) + " left"
                : "";
        return task + " " + done + "/" + total + unit + " in " + seconds(elapsed) + left + words;
    }

    private static String seconds(Duration duration) {
        var tenths = duration.toMillis() / 100;
        return duration.toSeconds() < 60 ? tenths / 10 + "." + tenths % 10 + " s" : minutes(duration);
    }

    private static String minutes(Duration duration) {
        return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
}
