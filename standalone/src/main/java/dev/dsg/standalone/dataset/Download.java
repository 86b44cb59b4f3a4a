package dev.dsg.standalone.dataset;

import dev.dsg.standalone.terminal.Progress;
import dev.dsg.standalone.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Fetches a file over HTTP. What has arrived is kept beside it under the name {@code FILE.part}, and the next try, now or
 * another day, asks only for the rest.
 */
final class Download {

    private static final int TRIES = 4;
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int MEGABYTE = 1_000_000;

    private final Terminal terminal;
    private final Duration pause;
    private final Duration silence;

    Download(Terminal terminal) {
        this(terminal, PAUSE, SILENCE);
    }

    /**
     * Patient in its own way.
     *
     * @param pause before the next try
     * @param silence the longest wait for a connection or for the next bytes
     */
    Download(Terminal terminal, Duration pause, Duration silence) {
        this.terminal = terminal;
        this.pause = pause;
        this.silence = silence;
    }

    /**
     * Fetches a file.
     *
     * @param task what to call it
     * @throws IOException when the server refuses, or the connection breaks more often than is tried
     */
    void fetch(String task, URI from, Path to) throws IOException, InterruptedException {
        var part = to.resolveSibling(to.getFileName() + ".part");
        for (var tries = 1; ; tries++) {
            try {
                receive(task, from, part);
                break;
            } catch (IOException e) {
                if (tries == TRIES || e instanceof Refused) {
                    throw e;
                }
                terminal.say("the connection broke (" + e + "), trying again");
                Thread.sleep(pause);
            }
        }
        Files.move(part, to);
    }

    private void receive(String task, URI from, Path part) throws IOException {
        var have = Files.exists(part) ? Files.size(part) : 0;
        var connection = (HttpURLConnection) from.toURL().openConnection();
        connection.setConnectTimeout(Math.toIntExact(silence.toMillis()));
        connection.setReadTimeout(Math.toIntExact(silence.toMillis()));
        if (have > 0) {
            connection.setRequestProperty("Range", "bytes=" + have + "-");
        }
        try {
            switch (connection.getResponseCode()) {
                case HttpURLConnection.HTTP_OK -> append(task, connection, 0, part);
                case HttpURLConnection.HTTP_PARTIAL -> append(task, connection, have, part);
                // All of it is there already, or it is another file by now; the digest will tell.
                case RANGE_NOT_SATISFIABLE -> {}
                default -> throw new Refused(from + " answers " + connection.getResponseCode());
            }
        } finally {
            connection.disconnect();
        }
    }

    private void append(String task, HttpURLConnection connection, long have, Path part) throws IOException {
        var rest = connection.getContentLengthLong();
        var total = rest < 0 ? Progress.UNKNOWN : (have + rest) / MEGABYTE;
        var mode = have == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
        var buffer = new byte[1 << 16];
        try (InputStream body = connection.getInputStream();
                var out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode);
                var progress = terminal.progress(task, " MB")) {
            var done = have;
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                out.write(buffer, 0, read);
                done += read;
                progress.to(done / MEGABYTE, total);
            }
            if (rest >= 0 && done != have + rest) {
                throw new IOException("only " + done + " of " + (have + rest) + " bytes came");
            }
        }
    }

    /** The server is there and says no. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }
}
