package dev.dsg.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minio.GetObjectArgs;
import io.minio.MinioClient;
import io.minio.ObjectWriteResponse;
import io.minio.PutObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.errors.ErrorResponseException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // The client may be interrupted while it closes.
final class S3ServerTest {

    @TempDir
    private Path directory;

    @Test
    void shouldKeepObjectsOverARestart() throws Exception {
        // Given an object in the bucket that the server made
        String etag;
        try (var server = start();
                var client = client(server, "secret")) {
            etag = put(client, "jobs/1/spec.json", "{}", Map.of()).etag();
        }

        // When the server is started again on the same directory
        try (var server = start();
                var client = client(server, "secret")) {
            // Then content, type and ETag are as before
            var stat = client.statObject(StatObjectArgs.builder()
                    .bucket("dsg")
                    .object("jobs/1/spec.json")
                    .build());
            assertThat(stat.etag()).isEqualTo(etag);
            assertThat(stat.contentType()).isEqualTo("application/json");
            assertThat(read(client, "jobs/1/spec.json")).isEqualTo("{}");
        }
    }

    @Test
    void shouldRefuseToOverwriteUnderACondition() throws Exception {
        try (var server = start();
                var client = client(server, "secret")) {
            // Given
            var etag = put(client, "key", "one", Map.of("If-None-Match", "*")).etag();

            // When / Then
            assertThatThrownBy(() -> put(client, "key", "two", Map.of("If-None-Match", "*")))
                    .isInstanceOfSatisfying(
                            ErrorResponseException.class,
                            e -> assertThat(e.response().code()).isEqualTo(412));
            put(client, "key", "three", Map.of("If-Match", '"' + etag + '"'));
            assertThatThrownBy(() -> put(client, "key", "four", Map.of("If-Match", '"' + etag + '"')))
                    .isInstanceOfSatisfying(
                            ErrorResponseException.class,
                            e -> assertThat(e.response().code()).isEqualTo(412));
            assertThat(read(client, "key")).isEqualTo("three");
        }
    }

    @Test
    void shouldLetOneOfManyCompareAndSet() throws Exception {
        try (var server = start();
                var client = client(server, "secret");
                var executor = Executors.newFixedThreadPool(8)) {
            var etag = put(client, "counter", "start", Map.of()).etag();
            for (int round = 0; round < 20; round++) {
                // Given eight that have seen the same content
                var seen = etag;
                var tags = Collections.synchronizedList(new ArrayList<String>());
                var puts = new ArrayList<Callable<Boolean>>();
                for (int i = 0; i < 8; i++) {
                    var value = round + "/" + i;
                    puts.add(() -> tags.add(replace(client, value, seen)));
                }

                // When all replace it
                executor.invokeAll(puts);

                // Then one did
                tags.removeIf(String::isEmpty);
                assertThat(tags).hasSize(1);
                etag = tags.getFirst();
            }
        }
    }

    @Test
    void shouldRefuseAWrongSecret() throws Exception {
        try (var server = start();
                var client = client(server, "guess")) {
            assertThatThrownBy(() -> put(client, "key", "value", Map.of()))
                    .isInstanceOfSatisfying(
                            ErrorResponseException.class,
                            e -> assertThat(e.errorResponse().code()).isEqualTo("SignatureDoesNotMatch"));
        }
    }

    private S3Server start() {
        return S3Server.start(directory, 0, "access", "secret", "dsg");
    }

    private static MinioClient client(S3Server server, String secret) {
        return MinioClient.builder()
                .endpoint(server.endpoint())
                .region("us-east-1")
                .credentials("access", secret)
                .build();
    }

    private static String replace(MinioClient client, String value, String seen) throws Exception {
        try {
            return put(client, "counter", value, Map.of("If-Match", '"' + seen + '"'))
                    .etag();
        } catch (ErrorResponseException e) {
            assertThat(e.response().code()).isEqualTo(412);
            return "";
        }
    }

    private static ObjectWriteResponse put(MinioClient client, String key, String value, Map<String, String> headers)
            throws Exception {
        var bytes = value.getBytes(UTF_8);
        return client.putObject(PutObjectArgs.builder()
                .bucket("dsg")
                .object(key)
                .data(bytes, bytes.length)
                .headers(headers)
                .contentType("application/json")
                .build());
    }

    private static String read(MinioClient client, String key) throws Exception {
        try (var in = client.getObject(
                GetObjectArgs.builder().bucket("dsg").object(key).build())) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
