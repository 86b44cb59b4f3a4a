package dev.dsg.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.format.Weights;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitecturesTest {

    /** Each library's file is told by its last layer, and gives the network as that library builds it. */
    @ParameterizedTest
    @CsvSource({
        "mobilenetv2, 0, features.17.conv.3.running_var",
        "mobilenetv2, 1, blocks.5.2.bn3.running_var",
        "mobilenetv2, 2, features.stage5.unit3.conv3.bn.running_var",
        "shufflenet-g1, 0, features.stage2.unit8.expand_bn3.running_var",
        "squeezenext23-w1, 0, features.stage4.unit1.identity_conv.bn.running_var",
        "resnet20-cifar, 1, layer3.0.downsample.1.running_var",
        "resnet20-cifar, 2, features.stage3.unit1.identity_conv.bn.running_var"
    })
    void shouldReadTheFilesOfEachLibrary(String architecture, int library, String key) {
        Graph graph = Architectures.networks(architecture, 10).get(library).build(new FormulaSource());

        assertThat(graph.initializers()).containsKey(key);
        assertThat(Architectures.build(architecture, 10, file(graph, _ -> {}))).isEqualTo(graph);
    }

    @Test
    void shouldNameTheTensorThatDoesNotFit() {
        Graph graph = Architectures.networks("shufflenet-g1", 10).getFirst().build(new FormulaSource());
        String key = "features.stage1.unit2.dw_bn2.bias";
        HostTensor tensor = graph.initializers().get(key);

        assertRefused(graph, tensors -> tensors.remove(key), "tensor " + key + " is missing, expected [36]");
        assertRefused(graph, tensors -> tensors.put("x.y", tensor), "tensor x.y is present");
        assertRefused(
                graph,
                tensors -> tensors.put(key, new HostTensor(new long[] {6, 6}, tensor.values())),
                "tensor " + key + " shape is [6, 6], expected [36]");
    }

    @Test
    void shouldNameTheLastLayerOfEveryLibrary() {
        assertRefusedBy("mobilenetv2", "classifier.1.weight or classifier.weight or output.weight");
        assertRefusedBy("resnet18", "fc.weight or output.weight, the last layer of resnet18");
    }

    /** Weights of one version load into the other and are wrong there, so the name has to say which is meant. */
    @Test
    void shouldAskWhichResNet50IsMeant() {
        assertThatThrownBy(() -> Architectures.networks("resnet50", 1000))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNKNOWN_ARCHITECTURE))
                .hasMessageContainingAll("resnet50-v1,", "resnet50-v1.5");
    }

    @Test
    void shouldPassOverWhatOnlyTrainingUses() {
        Network inception = new InceptionV3(10, InceptionV3.Keys.TORCHVISION);

        assertThat(inception.onlyForTraining("AuxLogits.conv0.bn.weight")).isTrue();
        assertThat(inception.onlyForTraining("Mixed_7a.branch3x3_1.bn.num_batches_tracked"))
                .isTrue();
        assertThat(inception.onlyForTraining("Mixed_7a.branch3x3_1.bn.weight")).isFalse();
        assertThat(new VggCifar(10).onlyForTraining("AuxLogits.conv0.bn.weight"))
                .isFalse();
    }

    /** Whatever the names, the operations, what they read and the shapes of their parameters are the same. */
    @ParameterizedTest
    @CsvSource({"resnet20-cifar,0,1", "resnet20-cifar,0,2", "resnet18,0,1", "inceptionv3,0,1", "mobilenetv2,0,1"})
    void shouldBeTheSameNetworkByAnyName(String architecture, int one, int other) {
        List<Network> networks = Architectures.networks(architecture, 10);

        assertThat(structure(networks.get(one))).isEqualTo(structure(networks.get(other)));
    }

    @Test
    void shouldRefuseFewerThanTwoClasses() {
        for (String name : Architectures.names()) {
            assertThatThrownBy(() -> Architectures.networks(name, 1)).as(name).hasMessage("classes 1 is below 2");
        }
    }

    private record Structure(Op op, List<Integer> inputs, List<Integer> sizes) {}

    private static List<Structure> structure(Network network) {
        Graph graph = network.build((_, shape) -> new FormulaSource().get("any", shape));
        Map<String, Integer> places = new LinkedHashMap<>();
        graph.nodes().forEach(node -> places.put(node.name(), places.size()));
        return graph.nodes().stream()
                .map(node -> new Structure(
                        node.op(),
                        node.inputs().stream().map(places::get).toList(),
                        node.parameters().stream()
                                .map(name -> graph.initializers().get(name).values().length)
                                .toList()))
                .toList();
    }

    private static void assertRefused(Graph graph, Consumer<Map<String, HostTensor>> spoil, String message) {
        Weights spoiled = file(graph, spoil);
        assertThatThrownBy(() -> Architectures.build("shufflenet-g1", 10, spoiled))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT_FILE))
                .hasMessageContaining(message);
    }

    private static void assertRefusedBy(String architecture, String message) {
        Weights other = Safetensors.parse(new SafetensorsWriter()
                .floats("head.weight", new HostTensor(new long[] {1}, new float[1]))
                .toBytes());
        assertThatThrownBy(() -> Architectures.build(architecture, 10, other)).hasMessageContaining(message);
    }

    private static Weights file(Graph graph, Consumer<Map<String, HostTensor>> spoil) {
        Map<String, HostTensor> tensors = new LinkedHashMap<>(graph.initializers());
        spoil.accept(tensors);
        SafetensorsWriter writer = new SafetensorsWriter().int32("bn1.num_batches_tracked", new long[0], new int[1]);
        tensors.forEach(writer::floats);
        return Weights.parse(writer.toBytes());
    }
}
