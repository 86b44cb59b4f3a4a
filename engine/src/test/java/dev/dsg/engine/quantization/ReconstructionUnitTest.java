package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReconstructionUnitTest {

    private static Graph network(Shortcut shortcut) {
        return new CifarResNet(8, shortcut, 10).build(CifarResNet.randomInitialisation(new Random(1)));
    }

    private static Set<String> activations(Graph network) {
        return network.nodes(Op.Relu.class).stream().map(Node::name).collect(Collectors.toSet());
    }

    private static List<String> described(List<ReconstructionUnit> units) {
        return units.stream().map(unit -> unit.input() + " -> " + unit.output()).toList();
    }

    @Test
    void shouldCutLayersBehindTheirActivation() {
        Graph network = network(Shortcut.B);

        assertThat(described(ReconstructionUnit.layers(network, activations(network))))
                .containsExactly(
                        "input -> relu1",
                        "relu1 -> layer1.0.relu1",
                        "layer1.0.relu1 -> layer1.0.bn2",
                        "layer1.0.relu2 -> layer2.0.relu1",
                        "layer2.0.relu1 -> layer2.0.bn2",
                        "layer1.0.relu2 -> layer2.0.downsample.1",
                        "layer2.0.relu2 -> layer3.0.relu1",
                        "layer3.0.relu1 -> layer3.0.bn2",
                        "layer2.0.relu2 -> layer3.0.downsample.1",
                        "flatten -> linear");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeResidualBlocksAsOne(Shortcut shortcut) {
        Graph network = network(shortcut);

        assertThat(described(ReconstructionUnit.blocks(network, activations(network))))
                .containsExactly(
                        "input -> relu1",
                        "relu1 -> layer1.0.relu2",
                        "layer1.0.relu2 -> layer2.0.relu2",
                        "layer2.0.relu2 -> layer3.0.relu2",
                        "flatten -> linear");
    }

    @Test
    void shouldTakeAnActivationTogetherWithTheLayerBeforeItOnly() {
        GraphBuilder builder = new GraphBuilder((_, shape) -> HostTensors.filled(shape, 1));
        String x = builder.add("first", new Op.Relu(), builder.input("input"));
        x = builder.add("second", new Op.Relu(), builder.gemm("a", x, 2, 2));
        x = builder.add("third", new Op.Relu(), x);
        builder.gemm("b", x, 2, 2);
        Graph network = builder.build();

        assertThat(described(ReconstructionUnit.blocks(network, activations(network))))
                .containsExactly("first -> second", "third -> b");
        assertThat(described(ReconstructionUnit.layers(network, activations(network))))
                .containsExactly("first -> second", "third -> b");
    }

    @Test
    void shouldHoldEveryWeightOnce() {
        Graph network = network(Shortcut.B);
        List<String> weights = network.weighted().stream()
                .map(node -> node.parameters().getFirst())
                .toList();

        for (List<ReconstructionUnit> units : List.of(
                ReconstructionUnit.layers(network, activations(network)),
                ReconstructionUnit.blocks(network, activations(network)))) {
            assertThat(units.stream()
                            .flatMap(unit -> unit.graph().weighted().stream())
                            .map(node -> node.parameters().getFirst()))
                    .containsExactlyElementsOf(weights);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldComputeWhatTheNetworkComputes(Shortcut shortcut) {
        Graph network = network(shortcut);
        Map<String, float[]> values = new HashMap<>();
        Map<String, long[]> shapes = new HashMap<>();
        Tap reading = new Tap() {
            @Override
            public Tensor after(Node node, Tensor value) {
                values.put(node.name(), value.toFloats());
                shapes.put(node.name(), value.shape());
                return value;
            }
        };
        try (Scope _ = Scope.open();
                Interpreter interpreter = new Interpreter(network)) {
            interpreter.run(HostTensors.gaussian(3, 2, 3, 8, 8), reading);
        }

        for (ReconstructionUnit unit : ReconstructionUnit.blocks(network, activations(network))) {
            try (Scope _ = Scope.open();
                    Interpreter interpreter = new Interpreter(unit.graph())) {
                Tensor input = Tensor.of(values.get(unit.input()), shapes.get(unit.input()));
                assertThat(interpreter.run(input).toFloats()).isEqualTo(values.get(unit.output()));
            }
        }
    }

    @Test
    void shouldEndTheNetworkAtANode() {
        Graph network = network(Shortcut.A);

        Graph part = network.upTo("layer1.0.bn1");

        assertThat(part.output().name()).isEqualTo("layer1.0.bn1");
        assertThat(part.initializers().keySet()).contains("layer1.0.bn1.bias").doesNotContain("layer1.0.conv2.weight");
    }
}
