package dev.dsg.engine.format.onnx.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.format.onnx.reading.Constant.Floats;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The operator cases of the ONNX project, where Debian's package {@code libonnx-testdata} is installed. The first input of
 * a case is what the network reads, its first dimension the batch; all others are constants. A case is passed if the
 * result agrees; a form of an operator that the engine does not have must be refused, and none may be computed wrongly.
 */
class ConformanceTest {

    private static final Path CASES = Path.of("/usr/share/libonnx-testdata/data");

    /** What passed of version 1.12; newer versions have more cases. */
    private static final int LEAST_PASSED = 178;

    /** A case of the files' folder. */
    private record Case(String name, ModelProto model, List<TensorProto> inputs, TensorProto expected) {}

    /** What became of a case; the reason is empty if it passed. */
    private record Outcome(String operator, String name, String reason, boolean wrong) {}

    @Test
    void shouldComputeNoSupportedOperatorWrongly() throws IOException {
        assumeThat(CASES).as("libonnx-testdata is not installed").isDirectory();
        List<Outcome> outcomes = new ArrayList<>();
        for (String kind : List.of("node", "pytorch-converted", "pytorch-operator")) {
            try (Stream<Path> folders = Files.list(CASES.resolve(kind))) {
                for (Path folder : folders.sorted().toList()) {
                    outcome(folder).ifPresent(outcomes::add);
                }
            }
        }
        print(outcomes);

        assertThat(outcomes).filteredOn(Outcome::wrong).isEmpty();
        assertThat(outcomes).filteredOn(o -> o.reason().isEmpty()).hasSizeGreaterThanOrEqualTo(LEAST_PASSED);
    }

    private static void print(List<Outcome> outcomes) {
        Map<String, int[]> counts = new TreeMap<>();
        for (Outcome outcome : outcomes) {
            int[] count = counts.computeIfAbsent(outcome.operator(), _ -> new int[2]);
            count[0] += outcome.reason().isEmpty() ? 1 : 0;
            count[1]++;
        }
        counts.forEach((operator, c) -> System.out.printf("%-22s %3d of %3d%n", operator, c[0], c[1]));
        int passed = counts.values().stream().mapToInt(c -> c[0]).sum();
        System.out.printf("conformance cases of supported operators: %d of %d pass%n", passed, outcomes.size());
        outcomes.stream()
                .filter(o -> !o.reason().isEmpty())
                .forEach(o -> System.out.println((o.wrong() ? "WRONG " : "") + o.name() + ": " + o.reason()));
    }

    /** Nothing for a case that is about operators or types outside the engine's set. */
    private static Optional<Outcome> outcome(Path folder) throws IOException {
        Case c;
        try {
            c = read(folder);
        } catch (EngineException e) {
            return Optional.empty(); // operators of another domain only
        }
        Set<String> known = OnnxImport.operators();
        List<String> operators = c == null
                ? List.of()
                : c.model().nodes().stream().map(NodeProto::type).toList();
        if (operators.isEmpty() || !known.containsAll(operators)) {
            return Optional.empty();
        }
        String operator = operators.getLast();
        try {
            String difference = difference(c);
            return Optional.of(new Outcome(operator, c.name(), difference, !difference.isEmpty()));
        } catch (EngineException e) {
            return Optional.of(new Outcome(operator, c.name(), e.getMessage(), false));
        } catch (RuntimeException defect) {
            return Optional.of(new Outcome(operator, c.name(), defect.toString(), true));
        }
    }

    private static Case read(Path folder) throws IOException {
        Path data = folder.resolve("test_data_set_0");
        List<TensorProto> inputs = new ArrayList<>();
        while (Files.exists(data.resolve("input_" + inputs.size() + ".pb"))) {
            inputs.add(tensor(data.resolve("input_" + inputs.size() + ".pb")));
        }
        TensorProto expected = Files.exists(data.resolve("output_0.pb")) ? tensor(data.resolve("output_0.pb")) : null;
        if (inputs.isEmpty() || expected == null || inputs.getFirst().type() != 1 || expected.type() != 1) {
            return null;
        }
        ModelProto model = ModelProto.parse(ByteBuffer.wrap(Files.readAllBytes(folder.resolve("model.onnx"))));
        return new Case(folder.getFileName().toString(), model, inputs, expected);
    }

    private static TensorProto tensor(Path file) throws IOException {
        return TensorProto.parse(new ProtoReader("TensorProto", ByteBuffer.wrap(Files.readAllBytes(file))));
    }

    private static String difference(Case c) {
        Map<String, TensorProto> initializers = new LinkedHashMap<>(c.model().initializers());
        List<ModelProto.Input> open = c.model().inputs().stream()
                .filter(input -> !initializers.containsKey(input.name()))
                .toList();
        List<NodeProto> nodes = new ArrayList<>(c.model().nodes());
        ModelProto.Input input = open.getFirst();
        Floats x = (Floats) c.inputs().getFirst().read(ExternalData.NONE);
        if (ofEqualImages(c)) {
            // The network has one input: all of the case's, one after the other.
            List<String> names = open.stream().map(ModelProto.Input::name).toList();
            nodes.addFirst(new NodeProto("", "Split", "", List.of("all"), names, Map.of("axis", axisOne())));
            x = sideBySide(c.inputs());
            List<OptionalLong> dimensions =
                    Arrays.stream(x.shape()).mapToObj(OptionalLong::of).toList();
            input = new ModelProto.Input("all", 1, dimensions);
        } else {
            for (int i = 1; i < c.inputs().size(); i++) {
                initializers.put(open.get(i).name(), c.inputs().get(i));
            }
        }
        List<String> outputs = c.model().outputs().subList(0, 1);
        OnnxImport.Imported imported =
                OnnxImport.any(new ModelProto(c.model().opset(), nodes, initializers, List.of(input), outputs));
        Floats expected = (Floats) c.expected().read(ExternalData.NONE);
        try (Interpreter interpreter = new Interpreter(imported.graph());
                Scope _ = Scope.open()) {
            Tensor y = interpreter.run(Tensor.of(x.values(), x.shape()));
            return difference(y, expected);
        }
    }

    private static boolean ofEqualImages(Case c) {
        long[] shape = c.inputs().getFirst().shape();
        return shape.length > 1
                && c.inputs().size() > 1
                && c.inputs().stream().allMatch(t -> t.type() == 1 && Arrays.equals(t.shape(), shape))
                && !c.name().contains("matmul");
    }

    private static NodeProto.Attribute axisOne() {
        return new NodeProto.Attribute(0, 1, "", null, new long[0], new double[0]);
    }

    private static Floats sideBySide(List<TensorProto> inputs) {
        try (Scope _ = Scope.open()) {
            Tensor all = Tensor.concat(
                    inputs.stream()
                            .map(t -> Tensor.of(((Floats) t.read(ExternalData.NONE)).values(), t.shape()))
                            .toList(),
                    1);
            return new Floats(all.shape(), all.toFloats());
        }
    }

    private static String difference(Tensor y, Floats expected) {
        if (!Arrays.equals(y.shape(), expected.shape())) {
            return "shape " + Arrays.toString(y.shape()) + ", expected " + Arrays.toString(expected.shape());
        }
        float[] actual = y.toFloats();
        for (int i = 0; i < actual.length; i++) {
            float tolerance = 1e-5f + 1e-3f * Math.abs(expected.values()[i]);
            if (!(Math.abs(actual[i] - expected.values()[i]) <= tolerance)) {
                return "value " + i + " is " + actual[i] + ", expected " + expected.values()[i];
            }
        }
        return "";
    }
}
