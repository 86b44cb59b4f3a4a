package dev.dsg.standalone.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.catalog.DatasetCard.Shard;
import dev.dsg.contracts.catalog.ImageForm;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.embedded.S3Server;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.EncodedImages;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.data.Images;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.store.S3ObjectStore;
import dev.dsg.platform.store.StoreConfig;
import dev.dsg.standalone.SystemProblem;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
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
        shelf.put("pets", images, false, ProgressListener.NONE);
        shelf.put("pets", images, false, ProgressListener.NONE);

        // Then
        assertThat(shelf.has("pets")).isTrue();
        var card = catalog.dataset("pets");
        assertThat(card.shards()).extracting(Shard::count).containsExactly(2_000, 2_000, 500);
        assertThat(card.image()).isEqualTo(new ImageForm(3, 2, 2));
        var last = Images.fromShard(store.getBytes(card.shards().getLast().object()));
        assertThat(last.image(499).pixels())
                .isEqualTo(images.parts().getLast().read().image(499).pixels());
        assertThat(last.labels()).isEqualTo(images.parts().getLast().read().labels());
    }

    @Test
    void shouldReplaceADatasetOnlyWhenTold() {
        // Given
        var shelf = new DatasetShelf(store);
        shelf.put("pets", images(2_000, 0), false, ProgressListener.NONE);

        // When / Then
        assertThatThrownBy(() -> shelf.put("pets", images(2_000, 1), false, ProgressListener.NONE))
                .isInstanceOf(SystemProblem.class)
                .hasMessageContaining("--replace");
        shelf.put("pets", images(1_000, 1), true, ProgressListener.NONE);
        assertThat(catalog.dataset("pets").count()).isEqualTo(1_000);
        assertThat(store.list(StoreLayout.shards("pets"))).hasSize(1);
    }

    @Test
    void shouldGoOnWhereAPutWasCutOff() {
        // Given files of two sizes, of which the last is no image: the put fails at the third shard
        var shelf = new DatasetShelf(store);
        var files = new ArrayList<>(List.of(png(2, 1), png(2, 1), new byte[] {1}));
        assertThatThrownBy(() -> shelf.put("pets", encoded(files), false, ProgressListener.NONE))
                .isInstanceOf(EngineException.class)
                .hasMessageStartingWith("file 2 is neither JPEG nor PNG");
        assertThat(shelf.has("pets")).isFalse();
        var sent = store.list(StoreLayout.shards("pets"));
        assertThat(sent).as("one for both, which are the same").hasSize(1);
        var tag = store.read(sent.getFirst()).orElseThrow().etag();

        // When the file is mended
        files.set(2, png(3, 2));
        var card = shelf.put("pets", encoded(files), false, ProgressListener.NONE);

        // Then what was there is as it was, and the card is true
        assertThat(store.read(sent.getFirst()).orElseThrow().etag()).isEqualTo(tag);
        assertThat(catalog.dataset("pets")).isEqualTo(card);
        assertThat(card.image()).isEqualTo(new ImageForm(3, null, null));
        assertThat(store.list(StoreLayout.shards("pets"))).hasSize(2);
    }

    @Test
    void shouldNotSendAgainWhatIsThere() {
        // Given a store that notes what is put
        var put = new ArrayList<String>();
        var shelf = new DatasetShelf(noting(put));
        shelf.put("pets", images(4_500, 0), false, ProgressListener.NONE);
        assertThat(put).hasSize(4);
        store.delete(StoreLayout.datasetCard("pets"));
        store.delete(ObjectKey.parse(put.get(1)));
        put.clear();

        // When
        shelf.put("pets", images(4_500, 0), false, ProgressListener.NONE);

        // Then
        assertThat(put).hasSize(2).last().isEqualTo("datasets/pets/dataset.json");
    }

    private ObjectStore noting(List<String> keys) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals("putIfAbsent")) {
                        keys.add(arguments[0].toString());
                    }
                    return method.invoke(store, arguments);
                });
    }

    /** A shard for each file. */
    private static LabelledImages encoded(List<byte[]> files) {
        var parts = IntStream.range(0, files.size())
                .<LabelledImages.Part>mapToObj(i -> new LabelledImages.Part() {
                    @Override
                    public int count() {
                        return 1;
                    }

                    @Override
                    public Images read() {
                        return new EncodedImages(List.of(files.get(i)), new int[1]);
                    }

                    @Override
                    public String name(int index) {
                        return "file " + i;
                    }
                })
                .toList();
        return new LabelledImages(CLASSES, "a test", parts);
    }

    private static byte[] png(int width, int height) {
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private ModelFolder model(String card, String weights) throws IOException {
        var path = Files.createDirectories(folder.resolve("models/tiny"));
        Files.writeString(path.resolve("model.json"), card);
        Files.writeString(path.resolve("model.safetensors"), weights);
        return new ModelFolder(path);
    }

    private static LabelledImages images(int count, int seed) {
        var random = new Random(seed);
        var pixels = new byte[count * 12];
        random.nextBytes(pixels);
        var labels = random.ints(count, 0, 2).toArray();
        return LabelledImages.of(CLASSES, "a test", new ImageSet(2, 2, 3, pixels, labels));
    }
}
