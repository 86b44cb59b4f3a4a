package dev.dsg.engine.network;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Weights;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** The architectures a model card may name, and how their weights are read from a file. */
public final class Architectures {

    /** For each name, how to build the network for a number of classes. */
    private static final Map<String, IntFunction<CifarResNet>> KNOWN = new TreeMap<>();

    static {
        for (int depth : new int[] {20, 32, 44, 56}) {
            KNOWN.put("resnet" + depth + "-cifar", classes -> new CifarResNet(depth, Shortcut.B, classes));
            KNOWN.put("resnet" + depth + "-cifar-a", classes -> new CifarResNet(depth, Shortcut.A, classes));
        }
    }

    private Architectures() {}

    /** The known names, sorted. */
    public static Set<String> names() {
        return Set.copyOf(KNOWN.keySet());
    }

    /**
     * The network {@code architecture} for {@code classes} classes with the weights of a file. Counters of training steps
     * are passed over; any other tensor that the network does not use is an error, as is one that is missing, has another
     * shape, or holds a value that is not finite.
     *
     * @throws EngineException {@link Kind#UNKNOWN_ARCHITECTURE} or {@link Kind#CORRUPT_FILE}
     */
    public static Graph build(String architecture, int classes, Weights weights) {
        IntFunction<CifarResNet> known = KNOWN.get(architecture);
        if (known == null) {
            throw new EngineException(
                    Kind.UNKNOWN_ARCHITECTURE, "architecture", architecture, "one of " + KNOWN.keySet());
        }
        Graph graph = known.apply(classes).build((name, shape) -> read(weights, name, shape));
        Set<String> unused = new HashSet<>(weights.names());
        unused.removeAll(graph.initializers().keySet());
        unused.removeIf(name -> name.endsWith("num_batches_tracked"));
        if (!unused.isEmpty()) {
            String first = unused.stream().sorted().findFirst().orElseThrow();
            throw new EngineException(
                    Kind.CORRUPT_FILE, "tensor " + first, "present", "only the tensors of " + architecture);
        }
        return graph;
    }

    private static HostTensor read(Weights weights, String name, long... shape) {
        HostTensor tensor = weights.floats(name);
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new EngineException(
                    Kind.CORRUPT_FILE,
                    "tensor " + name + " shape",
                    Arrays.toString(tensor.shape()),
                    Arrays.toString(shape));
        }
        for (float value : tensor.values()) {
            if (!Float.isFinite(value)) {
                throw new EngineException(Kind.CORRUPT_FILE, "tensor " + name, value, "finite values");
            }
        }
        return tensor;
    }
}
