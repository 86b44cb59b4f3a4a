package dev.dsg.standalone.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dsg.contracts.catalog.ImageShape;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.catalog.ModelFormat;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobState.Completed;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.Message;
import dev.dsg.contracts.result.JobReport.Digests;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.synthesis.SyntheticBatch;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.Json;
import dev.dsg.standalone.catalog.DatasetShelf;
import dev.dsg.standalone.catalog.LabelledImages;
import dev.dsg.standalone.catalog.ModelFolder;
import dev.dsg.standalone.catalog.ModelShelf;
import dev.dsg.standalone.job.JobFields;
import dev.dsg.standalone.job.Jobs;
import dev.dsg.standalone.process.Liveness;
import dev.dsg.standalone.system.StandaloneSystem.Stay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The whole system as users have it, each part a process of its own, started from what the build made; with a network that
 * was never trained and labelled noise in its store. All tests that ask for it share one.
 */
final class TestSystem implements AutoCloseable {

    static final Path ROOT = Path.of(System.getProperty("dsg.root"));
    static final Duration PATIENCE = Duration.ofSeconds(180);
    static final String MODEL = "untrained";
    static final String DATASET = "noise";

    private static final List<String> CLASSES = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
    private static final int SIDE = 32;
    private static final int IMAGES = 1_500;

    private final Path folder;
    private final Home home;
    private StandaloneSystem system;
    private Connection connection;
    private Jobs jobs;
    private Digests undisturbed;

    private TestSystem() throws IOException {
        // In the build's folder, where the logs can be read afterwards; native libraries are unpacked there but once.
        folder = ROOT.resolve("standalone/target/test-system");
        home = new Home(folder.resolve("home"));
        delete(folder);
        var libraries = Files.createDirectories(ROOT.resolve("standalone/target/native"));
        Files.createSymbolicLink(Files.createDirectories(home.folder()).resolve("native"), libraries);
        start(1);
        putNetwork(MODEL, untrained());
        putDataset(DATASET, CLASSES, IMAGES);
    }

    /** Gives a test the one system. */
    static final class Resolver implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == TestSystem.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(TestSystem.class, _ -> started(), TestSystem.class);
        }

        private static TestSystem started() {
            try {
                return new TestSystem();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    Home home() {
        return home;
    }

    StandaloneSystem system() {
        return system;
    }

    Connection connection() {
        return connection;
    }

    Jobs jobs() {
        return jobs;
    }

    SystemRecord record() {
        return new SystemFile(home.record()).read().orElseThrow();
    }

    /** The same system with another number of generators. */
    void restart(int workers) {
        close();
        start(workers);
    }

    /** Kills a process. */
    void kill(String name) {
        var process = record().member(name).process().find().orElseThrow();
        process.destroyForcibly();
        await().until(() -> !Liveness.runs(process));
    }

    /** A job whose every stage takes a second or more. */
    JobSpec job(String id) {
        return job(id, MODEL, DATASET, 40);
    }

    JobSpec job(String id, String model, String dataset, int iterations) {
        return job(
                Map.of("jobId", id, "model", model, "evaluation.dataset", dataset, "synthesis.iterations", iterations));
    }

    /** A job of which some fields are otherwise. */
    JobSpec job(Map<String, ?> otherwise) {
        var said = new HashMap<String, Object>(Map.of(
                "model", MODEL,
                "synthesis.images", 96,
                "synthesis.batchSize", 32,
                "synthesis.iterations", 40,
                "synthesis.probeImages", 64,
                "evaluation.dataset", DATASET,
                "evaluation.batchSize", 50,
                "seed", 3));
        said.putAll(otherwise);
        return JobFields.of(said, List.of()).resolve();
    }

    /** What {@link #job} makes when nothing happens to it. */
    Digests undisturbed() {
        if (undisturbed == null) {
            var job = job("undisturbed");
            jobs.submit(job);
            undisturbed = completed(job.jobId());
        }
        return undisturbed;
    }

    /** Waits until a job has ended. */
    JobStatus ended(JobId job) {
        return await().atMost(PATIENCE)
                .until(
                        () -> jobs.status(job).orElse(null),
                        status -> status != null && status.state() instanceof JobState.Terminal);
    }

    /** Waits until a job has ended well, and returns what it made. */
    Digests completed(JobId job) {
        assertThat(ended(job).state()).isEqualTo(new Completed());
        return jobs.report(job).orElseThrow().digests();
    }

    /** The first batch of images of a job. */
    HostTensor images(JobId job) {
        var store = connection.store();
        var batch = store.find(StoreLayout.batch(job, 0)).orElseThrow();
        return SyntheticBatch.fromSafetensors(store.getBytes(batch)).images();
    }

    /** Everything of a kind that was ever told on a topic. */
    <M extends Message> List<M> told(String topic, Class<M> type) {
        return records(topic).stream()
                .map(record -> CloudEvents.parse(record.headers(), record.value()))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** Every record of a topic. */
    List<ConsumerRecord<String, byte[]>> records(String topic) {
        Map<String, Object> config = Map.of("bootstrap.servers", system.access().bootstrapServers());
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** Puts a network into the store, with a card that is true to its weights, whatever those are. */
    void putNetwork(String name, byte[] weights) throws IOException {
        var path = Files.createDirectories(folder.resolve("models").resolve(name));
        Files.write(path.resolve("model.safetensors"), weights);
        var half = List.of(0.5, 0.5, 0.5);
        var card = new ModelCard(
                name,
                ModelFormat.SAFETENSORS,
                "resnet20-cifar",
                new ImageShape(3, SIDE, SIDE),
                null,
                half,
                half,
                CLASSES,
                "Apache-2.0",
                ObjectRef.of(StoreLayout.modelFile(name, "model.safetensors"), weights),
                null);
        Files.writeString(path.resolve("model.json"), Json.pretty(card), UTF_8);
        new ModelShelf(connection.store()).put(new ModelFolder(path).read());
    }

    /** Puts noise with random labels into the store. */
    void putDataset(String name, List<String> classes, int count) {
        var random = new Random(1);
        var pixels = new byte[count * SIDE * SIDE * 3];
        random.nextBytes(pixels);
        var labels = random.ints(count, 0, classes.size()).toArray();
        new DatasetShelf(connection.store())
                .put(
                        name,
                        LabelledImages.of(classes, "a random generator", new ImageSet(SIDE, SIDE, 3, pixels, labels)),
                        false,
                        ProgressListener.NONE);
    }

    @Override
    public void close() {
        connection.close();
        new StandaloneSystem(home, ROOT).stop();
    }

    private void start(int workers) {
        system = new StandaloneSystem(home, ROOT);
        assertThat(system.start(Stay.UNTIL_STOPPED, workers, Ports.FREE)).isTrue();
        connection = new Connection(system.access());
        jobs = new Jobs(connection.store(), connection.publisher());
        system.awaitServices();
    }

    /** The weights of a ResNet-20 before any training. */
    private static byte[] untrained() {
        var writer = new SafetensorsWriter();
        new CifarResNet(20, Shortcut.B, CLASSES.size())
                .build(CifarResNet.randomInitialisation(new Random(1)))
                .initializers()
                .forEach(writer::floats);
        return writer.toBytes();
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
