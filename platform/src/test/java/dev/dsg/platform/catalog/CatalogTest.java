package dev.dsg.platform.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.catalog.ImageShape;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.catalog.ModelFormat;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.embedded.S3Server;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.S3ObjectStore;
import dev.dsg.platform.store.StoreConfig;
import dev.dsg.platform.wire.Json;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CatalogTest {

    private static final byte[] WEIGHTS = "weights".getBytes(UTF_8);

    @TempDir
    private static Path directory;

    private static S3Server server;
    private static S3ObjectStore store;
    private static Catalog catalog;

    @BeforeAll
    static void start() {
        server = S3Server.start(directory, 0, "access", "secret", "dsg");
        store = new S3ObjectStore(StoreConfig.of(URI.create(server.endpoint()), "access", "secret"), new Random());
        catalog = new Catalog(store);
        put(StoreLayout.modelFile("good", "model.safetensors"), WEIGHTS);
        put(StoreLayout.modelCard("good"), Json.bytes(card("good", WEIGHTS)));
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @Test
    void shouldReadANetwork() {
        var card = catalog.model("good");

        assertThat(card).isEqualTo(card("good", WEIGHTS));
        assertThat(catalog.weights(card)).isEqualTo(WEIGHTS);
    }

    @Test
    void shouldNameTheNetworksThereAre() {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> catalog.model("nobody"))
                .withMessageContainingAll("nobody", "one of", "good")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_MODEL));
    }

    @Test
    void shouldNotKnowADataSetThatIsNotThere() {
        assertRefused(ErrorCode.UNKNOWN_DATASET, () -> catalog.dataset("nothing"));
    }

    @Test
    void shouldRefuseWeightsThatAreNotThoseOfTheCard() {
        // Given
        put(StoreLayout.modelFile("forged", "model.safetensors"), WEIGHTS);
        var card = card("forged", "others".getBytes(UTF_8));

        // When / Then
        assertRefused(ErrorCode.CORRUPT_MODEL, () -> catalog.weights(card));
    }

    @Test
    void shouldRefuseACardThatIsNone() {
        // Given
        put(StoreLayout.modelCard("scrambled"), "{\"name\":\"scrambled\"}".getBytes(UTF_8));

        // When / Then
        assertRefused(ErrorCode.CORRUPT_MODEL, () -> catalog.model("scrambled"));
    }

    @Test
    void shouldKeepToTheCardThatAJobWasAcceptedWith() {
        // Given
        var kept = card("good", "earlier weights".getBytes(UTF_8));
        put(StoreLayout.modelCard(JobId.parse("kept")), Json.bytes(kept));

        // When / Then
        assertThat(catalog.modelOf(spec("kept"))).isEqualTo(kept);
    }

    @Test
    void shouldRefuseTheCardOfAnotherNetworkForAJob() {
        // Given
        put(StoreLayout.modelCard(JobId.parse("mixed")), Json.bytes(card("other", WEIGHTS)));

        // When / Then
        assertRefused(ErrorCode.CORRUPT_MODEL, () -> catalog.modelOf(spec("mixed")));
        assertRefused(ErrorCode.CORRUPT_MODEL, () -> catalog.modelOf(spec("without-card")));
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(DsgException.class).isThrownBy(call).satisfies(e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private static JobSpec spec(String job) {
        return JobRequest.of("good").withJobId(JobId.parse(job)).resolve();
    }

    private static ModelCard card(String name, byte[] weights) {
        var ref = ObjectRef.of(StoreLayout.modelFile(name, "model.safetensors"), weights);
        return new ModelCard(
                name,
                ModelFormat.SAFETENSORS,
                "resnet20-cifar",
                new ImageShape(1, 2, 2),
                null,
                List.of(0.5),
                List.of(0.5),
                List.of("a", "b"),
                "MIT",
                ref,
                null);
    }

    private static void put(ObjectKey key, byte[] bytes) {
        store.putIfAbsent(key, Content.of(bytes, Content.BINARY));
    }
}
