package dev.dsg.standalone.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dsg.standalone.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DownloadTest {

    private static final int SIZE = 300_000;

    @TempDir
    private Path folder;

    private final byte[] content = new byte[SIZE];
    private final List<String> ranges = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private HttpServer server;
    private int breakAfter = SIZE;

    @BeforeEach
    void serve() throws IOException {
        new Random(1).nextBytes(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/file", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void shouldAskOnlyForTheRestAfterTheConnectionBroke() throws Exception {
        // Given a server that breaks off after 100,000 bytes, once
        breakAfter = 100_000;

        // When
        fetch("/file");

        // Then
        assertThat(folder.resolve("file")).hasBinaryContent(content);
        assertThat(ranges).hasSize(2);
        assertThat(ranges.getFirst()).isEqualTo("all");
        assertThat(ranges.getLast()).matches("bytes=[1-9]\\d*-");
    }

    @Test
    void shouldPickUpWhatAnEarlierProcessLeft() throws Exception {
        // Given
        Files.write(folder.resolve("file.part"), Arrays.copyOf(content, 1_000));

        // When
        fetch("/file");

        // Then
        assertThat(ranges).containsExactly("bytes=1000-");
        assertThat(folder.resolve("file")).hasBinaryContent(content);
        assertThat(folder.resolve("file.part")).doesNotExist();
    }

    @Test
    void shouldNotTryAgainWhenTheServerRefuses() {
        assertThatThrownBy(() -> fetch("/elsewhere")).hasMessageEndingWith("/elsewhere answers 404");
        assertThat(folder).isEmptyDirectory();
    }

    private void fetch(String path) throws IOException, InterruptedException {
        var terminal = Terminal.plain(new PrintStream(said, true, UTF_8));
        var from = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        new Download(terminal, Duration.ofMillis(10), Duration.ofSeconds(1))
                .fetch("images", from, folder.resolve("file"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        var range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range == null ? "all" : range);
        var from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.sendResponseHeaders(range == null ? 200 : 206, SIZE - from);
        try (exchange;
                var body = exchange.getResponseBody()) {
            body.write(content, from, Math.min(breakAfter, SIZE - from));
            breakAfter = SIZE;
        } catch (IOException e) {
            // Closing a body that is too short is how the connection breaks.
            assertThat(ranges).hasSize(1);
        }
    }
}
