package dev.dsg.standalone.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.dsg.standalone.SystemProblem;
import dev.dsg.standalone.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Cifar10Test {

    private static final int PLANE = 32 * 32;
    private static final int RECORD = 1 + 3 * PLANE;

    @TempDir
    private Path folder;

    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;
    private byte[] archive;

    @BeforeEach
    void serveAnArchive() throws IOException {
        archive = archiveOfTwoImagesABatch();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/archive", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, archive.length);
            try (exchange) {
                exchange.getResponseBody().write(archive);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void shouldFetchOnceAndUnpackWhatIsNeeded() throws Exception {
        // Given
        var cifar = cifar("/archive", md5(archive));

        assertThat(cifar.isHere(Part.TEST)).isFalse();

        // When
        var test = cifar.read(Part.TEST);

        // Then images lie with their channels together, and nothing else was unpacked
        assertThat(cifar.isHere(Part.TEST)).isTrue();
        assertThat(test.count()).isEqualTo(2);
        assertThat(test.labels()).containsExactly(0, 7);
        assertThat(test.pixels()).startsWith(pixel(0, 0)).endsWith(pixel(1, PLANE - 1));
        assertThat(folder.resolve("cifar-10-binary")).isDirectoryNotContaining("glob:**data_batch*");

        // When it is read again, and the other part too
        cifar.read(Part.TEST);
        var train = cifar.read(Part.TRAIN);

        // Then
        assertThat(train.count()).isEqualTo(10);
        assertThat(train.labels()).containsExactly(1, 7, 2, 7, 3, 7, 4, 7, 5, 7);
        assertThat(requests).hasValue(1);
    }

    @Test
    void shouldRefuseAnArchiveThatIsNotTheOneItExpects() throws Exception {
        // Given
        var cifar = cifar("/archive", md5(new byte[0]));

        // When / Then
        assertThatThrownBy(() -> cifar.read(Part.TEST))
                .isInstanceOf(SystemProblem.class)
                .hasMessageContaining("MD5 differs");
        assertThat(folder.resolve("cifar-10-binary.tar.gz")).doesNotExist();
        assertThat(folder.resolve("cifar-10-binary")).doesNotExist();
    }

    @Test
    void shouldGoOnToTheNextPublication() throws Exception {
        // Given one that is not there, and one that is
        var cifar = new Cifar10(
                folder,
                List.of(publication("/elsewhere", md5(archive)), publication("/archive", md5(archive))),
                terminal());

        // When / Then
        assertThat(cifar.read(Part.TEST).count()).isEqualTo(2);
    }

    @Test
    void shouldSayWhatToDoWhenNothingCanBeFetched() throws Exception {
        var cifar = cifar("/elsewhere", md5(archive));
        assertThatThrownBy(() -> cifar.read(Part.TEST))
                .isInstanceOf(SystemProblem.class)
                .hasMessageContaining("answers 404")
                .hasMessageContaining("Put cifar-10-binary.tar.gz")
                .hasMessageContaining(folder.toString());
    }

    @Test
    void shouldRefuseAnArchiveThatLacksAnEntry() throws Exception {
        // Given an intact archive of something else
        archive = archiveOf("readme.html", new byte[10]);
        var cifar = cifar("/archive", md5(archive));

        // When / Then
        assertThatThrownBy(() -> cifar.read(Part.TEST))
                .hasRootCauseMessage(
                        folder.resolve("cifar-10-binary.tar.gz") + " has no cifar-10-batches-bin/test_batch.bin");
    }

    private Cifar10 cifar(String path, String md5) {
        return new Cifar10(folder, List.of(publication(path, md5)), terminal());
    }

    private OfficialBinaries publication(String path, String md5) {
        var source = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        return new OfficialBinaries(source, new Checksum("MD5", md5));
    }

    private static Terminal terminal() {
        return Terminal.plain(new PrintStream(new ByteArrayOutputStream(), true, UTF_8));
    }

    private static String md5(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    }

    private static byte[] archiveOfTwoImagesABatch() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (var batch = 1; batch <= 5; batch++) {
                put(tar, "cifar-10-batches-bin/data_batch_" + batch + ".bin", twoImages(batch));
            }
            put(tar, "cifar-10-batches-bin/test_batch.bin", twoImages(0));
        }
        return bytes.toByteArray();
    }

    private static byte[] archiveOf(String name, byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            put(tar, name, content);
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /** The first of a class, the second of class 7; every value is that of {@link #pixel}. */
    private static byte[] twoImages(int label) {
        var records = new byte[2 * RECORD];
        records[0] = (byte) label;
        records[RECORD] = 7;
        for (var image = 0; image < 2; image++) {
            for (var at = 0; at < PLANE; at++) {
                for (var channel = 0; channel < 3; channel++) {
                    records[image * RECORD + 1 + channel * PLANE + at] = pixel(image, at)[channel];
                }
            }
        }
        return records;
    }

    private static byte[] pixel(int image, int at) {
        return new byte[] {(byte) (at + image), (byte) (at * 3 + image), (byte) (at * 5 + image)};
    }
}
