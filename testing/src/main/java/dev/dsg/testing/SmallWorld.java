package dev.dsg.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dsg.contracts.catalog.DatasetCard;
import dev.dsg.contracts.catalog.ImageForm;
import dev.dsg.contracts.catalog.ImageShape;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.catalog.ModelFormat;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.TrainingSource;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.format.onnx.OnnxExport;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.synthesis.SyntheticBatch;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A network that was never trained and a data set of noise: real files, only that they mean nothing. */
public final class SmallWorld {

    /** Name of the network. */
    public static final String MODEL = "small-model";
    /** Name of the data set that fits it. */
    public static final String DATASET = "small-dataset";
    /** The architecture of the network. */
    public static final String ARCHITECTURE = "resnet20-cifar";
    /** Number of images in the data set. */
    public static final int IMAGES = 48;

    private static final int SHARDS = 2;
    private static final int SIDE = 32;
    private static final ImageShape SHAPE = new ImageShape(3, SIDE, SIDE);

    private SmallWorld() {}

    /** A job on both: two batches of images that take a moment to make. */
    public static JobSpec job(String id) {
        return request(id).resolve();
    }

    /** The same with its own way to quantize, such as {@code "rounding": "squant"}. */
    public static JobSpec job(String id, String quantization) {
        return request(id, quantization).resolve();
    }

    /** The request for {@link #job(String)}. */
    public static JobRequest request(String id) {
        return request(id, "");
    }

    /**
     * A job that trains its network for twelve steps of four images, with a checkpoint after every three and a window of
     * two batches: on the two batches of {@link #job(String)}, or on a stream after three steps of warm-up.
     *
     * @param source {@code inversion} or {@code generator}
     * @param training more fields, or none
     */
    public static JobSpec trainingJob(String id, String source, String training) {
        var fields = """
            "source": "%s", "epochs": %d, "iterationsPerEpoch": 3, "warmupEpochs": %d, "batchSize": 4, "latent": 8,
            "window": 2, "checkpointSteps": 3, "lead": 2%s
            """.formatted(
                        source,
                        source.equals("generator") ? 5 : 4,
                        source.equals("generator") ? 1 : 0,
                        training.isEmpty() ? "" : "," + training);
        return request(id, "\"scheme\": \"qat\"", ", \"training\": {" + fields + "}")
                .resolve();
    }

    private static JobRequest request(String id, String quantization) {
        return request(id, quantization, "");
    }

    private static JobRequest request(String id, String quantization, String more) {
        var json = """
            {"jobId": "%s", "model": "%s", "quantization": {%s},
             "synthesis": {"images": 6, "batchSize": 4, "iterations": 3, "probeImages": 8},
             "evaluation": {"dataset": "%s", "batchSize": 16}%s}
            """.formatted(id, MODEL, quantization, DATASET, more);
        return Json.parse(json.getBytes(UTF_8), JobRequest.class);
    }

    /** Puts the network and the data set into a store that may have them already. */
    public static void create(ObjectStore store) {
        putModel(store, MODEL, weights());
        putDataset(store, DATASET, classes("class"));
    }

    /** The weights of the network, the same in every run. */
    public static byte[] weights() {
        var file = new SafetensorsWriter();
        network().initializers().forEach(file::floats);
        return file.toBytes();
    }

    /** The network that has these weights. */
    public static Graph network() {
        return new CifarResNet(20, CifarResNet.Shortcut.B, classes("class").size())
                .build(CifarResNet.randomInitialisation(new Random(1)));
    }

    /** Ten names that start alike. */
    public static List<String> classes(String prefix) {
        return IntStream.range(0, 10).mapToObj(i -> prefix + i).toList();
    }

    /** Puts a network with a card that is true to its weights, whatever those are. */
    public static ModelCard putModel(ObjectStore store, String name, byte[] weights) {
        var card = card(name, ARCHITECTURE, put(store, StoreLayout.modelFile(name, "model.safetensors"), weights));
        putCard(store, card);
        return card;
    }

    /** Puts a network as an ONNX file. */
    public static ModelCard putOnnx(ObjectStore store, String name, Graph network) {
        var shape = Shape.of(SHAPE.channels(), SHAPE.height(), SHAPE.width());
        var file = put(store, StoreLayout.modelFile(name, "model.onnx"), OnnxExport.float32(network, shape));
        var card = card(name, ModelFormat.ONNX, null, file);
        putCard(store, card);
        return card;
    }

    /** The card of a network. */
    public static ModelCard card(String name, String architecture, ObjectRef weights) {
        return card(name, ModelFormat.SAFETENSORS, architecture, weights);
    }

    private static ModelCard card(String name, ModelFormat format, String architecture, ObjectRef weights) {
        var half = List.of(0.5, 0.5, 0.5);
        return new ModelCard(
                name, format, architecture, SHAPE, null, half, half, classes("class"), "Apache-2.0", weights, null);
    }

    /** Puts a card as it is. */
    public static void putCard(ObjectStore store, ModelCard card) {
        put(store, StoreLayout.modelCard(card.name()), Json.bytes(card));
    }

    /** Keeps the network's card with a job, as the planner does. */
    public static void keepCard(ObjectStore store, JobSpec spec) {
        var weights = ObjectRef.of(StoreLayout.modelFile(spec.model(), "model.safetensors"), weights());
        keepCard(store, spec.jobId(), card(spec.model(), ARCHITECTURE, weights));
    }

    /** Keeps a card with a job. */
    public static void keepCard(ObjectStore store, JobId job, ModelCard card) {
        put(store, StoreLayout.modelCard(job), Json.bytes(card));
    }

    /** Puts a batch of noise, the same for every job, in the place of one that was synthesised. */
    public static ObjectRef putBatch(ObjectStore store, JobSpec spec, int index) {
        return put(
                store,
                StoreLayout.batch(spec.jobId(), index),
                batch(spec, index).toSafetensors());
    }

    /** The batch that {@link #putBatch} puts. */
    public static SyntheticBatch batch(JobSpec spec, int index) {
        boolean streamed = spec.training() != null && spec.training().source() == TrainingSource.GENERATOR;
        int count = streamed ? spec.training().batchSize() : spec.synthesis().imagesIn(index);
        var random = new Random(index);
        var pixels = new float[count * SHAPE.elements()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new SyntheticBatch(new HostTensor(new long[] {count, 3, SIDE, SIDE}, pixels), List.of(), Map.of());
    }

    /** Puts a data set of noise. */
    public static DatasetCard putDataset(ObjectStore store, String name, List<String> classes) {
        var random = new Random(2);
        var shards = new ArrayList<DatasetCard.Shard>();
        for (int i = 0; i < SHARDS; i++) {
            var shard = noise(random, IMAGES / SHARDS, classes.size()).toShard();
            shards.add(new DatasetCard.Shard(
                    put(store, StoreLayout.shard(name, Sha256.digest(shard)), shard), IMAGES / SHARDS));
        }
        var card = new DatasetCard(name, classes, ImageForm.of(SHAPE), IMAGES, "made for a test", shards);
        put(store, StoreLayout.datasetCard(name), Json.bytes(card));
        return card;
    }

    private static ImageSet noise(Random random, int count, int classes) {
        var pixels = new byte[count * SHAPE.elements()];
        random.nextBytes(pixels);
        return new ImageSet(
                SIDE, SIDE, 3, pixels, random.ints(count, 0, classes).toArray());
    }

    /** Puts bytes under a key that may have them already. */
    public static ObjectRef put(ObjectStore store, ObjectKey key, byte[] bytes) {
        return store.putIfAbsent(key, Content.of(bytes, Content.BINARY)).ref();
    }
}
