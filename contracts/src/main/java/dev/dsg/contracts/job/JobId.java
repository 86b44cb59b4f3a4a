package dev.dsg.contracts.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.dsg.contracts.error.Require;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The name of a job, chosen by whoever submits it; the same id with the same body is the same job.
 *
 * @param value 1 to 64 letters, digits, {@code -} and {@code _}; one JSON string on the wire
 */
public record JobId(@JsonValue String value) implements Comparable<JobId> {
    /** The form of the text. It is a path segment of the store and a part of event ids, so no dots or slashes. */
    public static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int SUFFIXES = 36 * 36 * 36 * 36;

    /** Refuses text of any other form. */
    public JobId {
        Require.matching("jobId", value, PATTERN, "1 to 64 of A-Z a-z 0-9 _ - starting with a letter or digit");
    }

    /** Reads the text form. */
    @JsonCreator
    public static JobId parse(String value) {
        return new JobId(value);
    }

    /** The job that the key of a Kafka record names, which may be anything or {@code null}: such keys begin with it. */
    public static Optional<JobId> ofRecordKey(String key) {
        String name = key == null ? "" : key.split("/", 2)[0];
        return PATTERN.matcher(name).matches() ? Optional.of(new JobId(name)) : Optional.empty();
    }

    /** A fresh id that sorts by time, such as {@code 20260102-030405-x7k2}. */
    public static JobId create(Instant now, RandomGenerator random) {
        String suffix = Integer.toString(random.nextInt(SUFFIXES), 36);
        return new JobId(SECONDS.format(now) + "-" + "0".repeat(4 - suffix.length()) + suffix);
    }

    @Override
    public int compareTo(JobId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
