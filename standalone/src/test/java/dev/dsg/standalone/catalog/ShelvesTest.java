package dev.dsg.standalone.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.embedded.S3Server;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.store.S3ObjectStore;
import dev.dsg.platform.store.StoreConfig;
import dev.dsg.standalone.SystemProblem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShelvesTest {

    private static final String CARD = """
            {"name": "tiny", "architecture": "resnet20-cifar", "inputShape": {"channels": 3, "height": 2, "width": 2},
             "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25], "classes": ["cat", "dog"], "licence": "Apache-2.0"}
            """;
    private static final List<String> CLASSES = List.of("cat", "dog");

    @TempDir
    private Path folder;

    private S3Server server;
    private S3ObjectStore store;
    private Catalog catalog;

    @BeforeEach
    void open() {
        server = S3Server.start(folder.resolve("store"), 0, "access", "secret", "dsg");
        store = new S3ObjectStore(StoreConfig.of(URI.create(server.endpoint()), "access", "secret"), new Random(1));
        catalog = new Catalog(store);
    }

    @AfterEach
    void close() {
        store.close();
        server.close();
    }

    @Test
    void shouldPutANetworkOnce() throws IOException {
        // Given
        var model = model(CARD, "weights");
        var shelf = new ModelShelf(store);

        // When / Then
        assertThat(shelf.put(model.read())).isTrue();
        assertThat(shelf.put(model.read()))
                .as("the second time nothing changes")
                .isFalse();
        assertThat(catalog.weights(catalog.model("tiny"))).asString().isEqualTo("weights");
    }

    @Test
    void shouldReplaceANetworkThatChanged() throws IOException {
        // Given
        var shelf = new ModelShelf(store);
        shelf.put(model(CARD, "weights").read());

        // When
        var changed = shelf.put(model(CARD, "better weights").read());

        // Then
        assertThat(changed).isTrue();
        assertThat(catalog.weights(catalog.model("tiny"))).asString().isEqualTo("better weights");
    }

    @Test
    void shouldTakeTheFileThatTheFormatNames() throws IOException {
        // Given
        var card = CARD.replace("\"architecture\": \"resnet20-cifar\"", "\"format\": \"onnx\"");
        var model = model(card, "not this one");
        assertThatThrownBy(model::read).hasMessageContaining("model.onnx is missing");
        Files.writeString(model.path().resolve("model.onnx"), "a graph");

        // When
        new ModelShelf(store).put(model.read());

        // Then
        assertThat(catalog.model("tiny").weights().key()).hasToString("models/tiny/model.onnx");
        assertThat(catalog.weights(catalog.model("tiny"))).asString().isEqualTo("a graph");
    }

    @Test
    void shouldRefuseWeightsThatAreNotThoseOfTheCard() throws IOException {
        // Given a card that names its weights, as those that come with the project do
        var weights = """
                , "weights": {"key": "models/tiny/model.safetensors", "size": 7,
                  "sha256": "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"}}
                """;
        var model = model(CARD.strip().replaceAll("}$", "") + weights, "weights");

        // When / Then
        assertThatThrownBy(model::read).isInstanceOfSatisfying(DsgException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.CORRUPT_MODEL));
    }

    @Test
    void shouldNameTheFieldOfACardThatIsWrong() throws IOException {
        var model = model(CARD.replace("[\"cat\", \"dog\"]", "[\"cat\"]"), "weights");
        assertThatThrownBy(model::read).isInstanceOfSatisfying(DsgException.class, e -> assertThat(e.field())
                .contains("classes"));
    }

    @Test
    void shouldFindTheNetworksOfAFolder() throws IOException {
        var model = model(CARD, "weights");
        Files.createDirectories(folder.resolve("models/not-a-network"));
        assertThat(ModelFolder.in(folder.resolve("models"))).containsExactly(model);
        assertThat(ModelFolder.in(folder.resolve("elsewhere"))).isEmpty();
    }

    @Test
    void shouldCutADatasetIntoShards() {
        // Given 4,500 images of which each is different
        var images = images(4_500, 0);
        var shelf = new DatasetShelf(store);
        assertThat(shelf.has("pets")).isFalse();

        // When
        shelf.put("pets", CLASSES, "a test", images);
        shelf.put("pets", CLASSES, "a test", images);

        // Then
        assertThat(shelf.has("pets")).isTrue();
        var card = catalog.dataset("pets");
        assertThat(card.shards()).extracting(shard -> shard.count()).containsExactly(2_000, 2_000, 500);
        var last = ImageSet.fromShard(store.getBytes(card.shards().getLast().object()));
        assertThat(last.pixels()).isEqualTo(images.slice(4_000, 4_500).pixels());
        assertThat(last.labels()).isEqualTo(images.slice(4_000, 4_500).labels());
    }

    @Test
    void shouldNotMixTwoDatasets() {
        // Given what an interrupted put of other images left
        new DatasetShelf(store).put("pets", CLASSES, "a test", images(2_000, 0));
        store.delete(dev.dsg.contracts.store.StoreLayout.datasetCard("pets"));

        // When / Then
        assertThatThrownBy(() -> new DatasetShelf(store).put("pets", CLASSES, "a test", images(2_000, 1)))
                .isInstanceOf(SystemProblem.class)
                .hasMessageContaining("datasets/pets/shards/00000.bin");
    }

    private ModelFolder model(String card, String weights) throws IOException {
        var path = Files.createDirectories(folder.resolve("models/tiny"));
        Files.writeString(path.resolve("model.json"), card);
        Files.writeString(path.resolve("model.safetensors"), weights);
        return new ModelFolder(path);
    }

    private static ImageSet images(int count, int seed) {
        var random = new Random(seed);
        var pixels = new byte[count * 12];
        random.nextBytes(pixels);
        return new ImageSet(2, 2, 3, pixels, random.ints(count, 0, 2).toArray());
    }
}
