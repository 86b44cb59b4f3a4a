package dev.dsg.standalone.system;

import dev.dsg.standalone.SystemProblem;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** Waits until a process serves, and says what its log says when it does not. */
final class Readiness {

    private static final Duration DEADLINE = Duration.ofSeconds(120);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int HTTP_TIMEOUT_MILLIS = 2_000;
    private static final int SHOWN_LINES = 20;
    private static final Pattern READY = Pattern.compile("READY (\\d+)");

    private final Log log;
    private final Member member;
    private final BooleanSupplier givenUp;

    /**
     * Of one process.
     *
     * @param givenUp whether there is no point in waiting any longer
     */
    Readiness(Member member, Log log, BooleanSupplier givenUp) {
        this.member = member;
        this.log = log;
        this.givenUp = givenUp;
    }

    /**
     * Waits for a server that prints {@code READY <port>}, and returns the port.
     *
     * @throws SystemProblem when it ends, or takes too long
     */
    int awaitLine() throws InterruptedException {
        await(() -> announced().isPresent());
        return announced().getAsInt();
    }

    /**
     * Waits for a service whose health checks are all up.
     *
     * @throws SystemProblem when it ends, or takes too long
     */
    void awaitHealth() throws InterruptedException {
        await(this::healthy);
    }

    private void await(BooleanSupplier ready) throws InterruptedException {
        var end = System.nanoTime() + DEADLINE.toNanos();
        while (!ready.getAsBoolean()) {
            if (givenUp.getAsBoolean()) {
                throw new SystemProblem("told to stop while " + member.name() + " was starting");
            }
            if (!member.process().alive()) {
                throw failed("ended at its start");
            }
            if (System.nanoTime() > end) {
                throw failed("is not ready after " + DEADLINE.toSeconds() + " s");
            }
            Thread.sleep(POLL);
        }
    }

    private SystemProblem failed(String how) {
        return new SystemProblem(member.name() + " " + how + "; its log, " + log.path() + ", ends with"
                + System.lineSeparator() + log.tail(SHOWN_LINES));
    }

    private OptionalInt announced() {
        for (var line : log.lines()) {
            var matcher = READY.matcher(line);
            if (matcher.matches()) {
                return OptionalInt.of(Integer.parseInt(matcher.group(1)));
            }
        }
        return OptionalInt.empty();
    }

    private boolean healthy() {
        try {
            var url = URI.create("http://127.0.0.1:" + member.port() + "/q/health/ready")
                    .toURL();
            var connection = (HttpURLConnection) url.openConnection();
            connection.setConnectTimeout(HTTP_TIMEOUT_MILLIS);
            connection.setReadTimeout(HTTP_TIMEOUT_MILLIS);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }
}
