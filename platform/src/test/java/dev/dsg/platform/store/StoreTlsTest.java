package dev.dsg.platform.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.embedded.S3Server;
import dev.dsg.embedded.StoreTls;
import dev.dsg.platform.security.Certificates;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that speaks TLS, with a certificate that no authority of Java's signed. */
@Timeout(60)
final class StoreTlsTest {

    private static final ObjectKey KEY = ObjectKey.parse("jobs/1/spec.json");

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static S3Server server;

    @BeforeAll
    static void start() {
        certificates = new Certificates(folder.resolve("keys"));
        var tls = new StoreTls(certificates.keys("store"), Certificates.PASSWORD);
        server = S3Server.start(folder.resolve("store"), 0, tls, "access", "secret", "dsg");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void shouldKeepObjectsOverTls() {
        try (var store = store(config("secret").withAuthority(certificates.pem()))) {
            var put = store.putIfAbsent(KEY, Content.of("{}".getBytes(UTF_8), "application/json"));
            assertThat(new String(store.getBytes(put.ref()), UTF_8)).isEqualTo("{}");
        }
    }

    @Test
    void shouldNotSpeakToAServerWhoseCertificateNobodyTrustedSigned() {
        var other = new Certificates(folder.resolve("other"));
        for (var config : new StoreConfig[] {config("secret"), config("secret").withAuthority(other.pem())}) {
            try (var store = store(config)) {
                assertThatThrownBy(store::ping)
                        .isInstanceOfSatisfying(
                                DsgException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE))
                        .hasMessageContaining("certif");
            }
        }
    }

    @Test
    void shouldRefuseAWrongSecretWithoutSayingIt() {
        try (var store = store(config("guessed").withAuthority(certificates.pem()))) {
            assertThatThrownBy(store::ping)
                    .isInstanceOf(DsgException.class)
                    .hasMessageContaining("cannot reach " + server.endpoint())
                    .hasMessageNotContaining("guessed");
        }
        assertThat(config("guessed").toString()).doesNotContain("guessed");
    }

    @Test
    void shouldNameAFileWithoutCertificates() throws Exception {
        var empty = Files.createFile(folder.resolve("empty.pem"));
        assertThatThrownBy(() -> store(config("secret").withAuthority(empty)))
                .isInstanceOf(DsgException.class)
                .hasMessageContaining("dsg.store.ca-file")
                .hasMessageContaining(empty.toString());
    }

    private static StoreConfig config(String secret) {
        return StoreConfig.of(URI.create(server.endpoint()), "access", secret);
    }

    private static S3ObjectStore store(StoreConfig config) {
        return new S3ObjectStore(config, new Random(1));
    }
}
