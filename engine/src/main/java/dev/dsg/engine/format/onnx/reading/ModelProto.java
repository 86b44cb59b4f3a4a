package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What an importer needs of a file.
 *
 * @param opset version of ONNX's own operators
 * @param nodes in an order in which each reads only what was made before
 * @param initializers by name
 * @param inputs of the graph; older files list the initializers among them
 * @param outputs names of values
 */
record ModelProto(
        long opset,
        List<NodeProto> nodes,
        Map<String, TensorProto> initializers,
        List<Input> inputs,
        List<String> outputs) {

    /**
     * An input of the graph.
     *
     * @param type number of its element type
     * @param dimensions those that the file knows
     */
    record Input(String name, long type, List<OptionalLong> dimensions) {}

    static ModelProto parse(ByteBuffer file) {
        ProtoReader in = new ProtoReader("ModelProto", file);
        Map<String, Long> opsets = new HashMap<>();
        ProtoReader graph = null;
        while (in.next()) {
            switch (in.field()) {
                case 7 -> graph = in.message("GraphProto");
                case 8 -> opset(in.message("OperatorSetIdProto"), opsets);
                default -> in.skip();
            }
        }
        Long opset = opsets.getOrDefault("", opsets.get("ai.onnx"));
        if (graph == null || opset == null) {
            throw new EngineException(
                    Kind.CORRUPT_FILE,
                    "ModelProto",
                    "without graph or opset",
                    "an ONNX model, as its exporter wrote it");
        }
        return graph(graph, opset);
    }

    private static void opset(ProtoReader in, Map<String, Long> opsets) {
        String domain = "";
        long version = 0;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> domain = in.text();
                case 2 -> version = in.integer();
                default -> in.skip();
            }
        }
        opsets.put(domain, version);
    }

    private static ModelProto graph(ProtoReader in, long opset) {
        List<NodeProto> nodes = new ArrayList<>();
        Map<String, TensorProto> initializers = new LinkedHashMap<>();
        List<Input> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> nodes.add(NodeProto.parse(in.message("NodeProto " + nodes.size())));
                case 5 -> {
                    TensorProto tensor = TensorProto.parse(in.message("TensorProto " + initializers.size()));
                    initializers.put(tensor.name(), tensor);
                }
                case 11 -> inputs.add(input(in.message("ValueInfoProto")));
                case 12 -> outputs.add(input(in.message("ValueInfoProto")).name());
                case 15 ->
                    throw new EngineException(
                            Kind.UNSUPPORTED_OPERATOR, "GraphProto", "a sparse initializer", "dense initializers");
                default -> in.skip();
            }
        }
        return new ModelProto(opset, nodes, initializers, inputs, outputs);
    }

    private static Input input(ProtoReader in) {
        String name = "";
        Input typed = new Input("", 0, List.of());
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 2 -> typed = type(in.message("TypeProto"));
                default -> in.skip();
            }
        }
        return new Input(name, typed.type(), typed.dimensions());
    }

    private static Input type(ProtoReader in) {
        long type = 0;
        List<OptionalLong> dimensions = new ArrayList<>();
        while (in.next()) {
            if (in.field() != 1) {
                in.skip();
                continue;
            }
            ProtoReader tensor = in.message("TypeProto.Tensor");
            while (tensor.next()) {
                switch (tensor.field()) {
                    case 1 -> type = tensor.integer();
                    case 2 -> shape(tensor.message("TensorShapeProto"), dimensions);
                    default -> tensor.skip();
                }
            }
        }
        return new Input("", type, dimensions);
    }

    private static void shape(ProtoReader in, List<OptionalLong> dimensions) {
        while (in.next()) {
            if (in.field() != 1) {
                in.skip();
                continue;
            }
            ProtoReader dimension = in.message("TensorShapeProto.Dimension");
            OptionalLong size = OptionalLong.empty();
            while (dimension.next()) {
                if (dimension.field() == 1) {
                    size = OptionalLong.of(dimension.integer());
                } else {
                    dimension.skip();
                }
            }
            dimensions.add(size);
        }
    }
}
