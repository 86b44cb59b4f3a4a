package dev.dsg.engine.network;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Weights;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The architectures a model card may name, and how their weights are read from a file. */
public final class Architectures {

    /** For each name, the network for a number of classes, once with the names of each library. */
    private static final Map<String, IntFunction<List<Network>>> KNOWN = new TreeMap<>();

    static {
        for (int depth : new int[] {20, 32, 44, 56}) {
            String name = "resnet" + depth + "-cifar";
            know(name, CifarResNet.Keys.values(), (classes, k) -> new CifarResNet(depth, Shortcut.B, classes, k));
            know(
                    name + "-a",
                    CifarResNet.Keys.values(),
                    (classes, k) -> new CifarResNet(depth, Shortcut.A, classes, k));
        }
        know("vgg16-bn-cifar", VggCifar::new);
        know("resnet18", ResNet.Keys.values(), ResNet::resNet18);
        know("resnet50-v1", ResNet.Keys.values(), ResNet::resNet50V1);
        know("resnet50-v1.5", ResNet.Keys.values(), ResNet::resNet50V15);
        know("inceptionv3", InceptionV3.Keys.values(), InceptionV3::new);
        know("mobilenetv2", MobileNetV2.Keys.values(), MobileNetV2::new);
        for (int groups : new int[] {1, 2, 3, 4, 8}) {
            know("shufflenet-g" + groups, classes -> new ShuffleNet(groups, classes));
        }
        know("squeezenext23-w1", classes -> new SqueezeNext(1, classes));
        know("squeezenext23-w2", classes -> new SqueezeNext(2, classes));
    }

    private Architectures() {}

    private static void know(String name, IntFunction<Network> network) {
        KNOWN.put(name, classes -> List.of(network.apply(classes)));
    }

    private static <K> void know(String name, K[] libraries, BiFunction<Integer, K, Network> network) {
        KNOWN.put(name, classes -> Stream.of(libraries)
                .map(library -> network.apply(classes, library))
                .toList());
    }

    /** The known names, sorted. */
    public static Set<String> names() {
        return Collections.unmodifiableSet(KNOWN.keySet());
    }

    /**
     * The networks called {@code architecture}, one for each library whose names for its parameters are known; the first
     * are the most usual.
     *
     * @throws EngineException {@link Kind#UNKNOWN_ARCHITECTURE}
     */
    public static List<Network> networks(String architecture, int classes) {
        IntFunction<List<Network>> known = KNOWN.get(architecture);
        if (known == null) {
            throw new EngineException(
                    Kind.UNKNOWN_ARCHITECTURE, "architecture", architecture, "one of " + KNOWN.keySet());
        }
        return known.apply(classes);
    }

    /**
     * The network {@code architecture} for {@code classes} classes with the weights of a file. The name of the file's last
     * layer tells which library's names it has. Tensors that only training uses are passed over; any other tensor that the
     * network does not use is an error, as is one that is missing, has another shape, or holds a value that is not finite.
     *
     * @throws EngineException {@link Kind#UNKNOWN_ARCHITECTURE} or {@link Kind#CORRUPT_FILE}
     */
    public static Graph build(String architecture, int classes, Weights weights) {
        Network network = network(architecture, classes, weights);
        Graph graph = network.build((name, shape) -> read(weights, name, shape));
        refuseSurplus(architecture, network, graph, weights);
        return graph;
    }

    /**
     * The number of classes of weights: the outputs of their last layer.
     *
     * @throws EngineException {@link Kind#UNKNOWN_ARCHITECTURE}, or {@link Kind#CORRUPT_FILE} if there is no such layer
     */
    public static int classes(String architecture, Weights weights) {
        String key = weight(network(architecture, 2, weights));
        long[] shape = weights.shape(key);
        if (shape.length < 2 || shape[0] < 2 || shape[0] > Short.MAX_VALUE) {
            throw new EngineException(
                    Kind.CORRUPT_FILE, "tensor " + key + " shape", Arrays.toString(shape), "[classes, features]");
        }
        return (int) shape[0];
    }

    /**
     * The shape of the images that {@code architecture} was made for.
     *
     * @throws EngineException {@link Kind#UNKNOWN_ARCHITECTURE}
     */
    public static Shape input(String architecture) {
        int side = networks(architecture, 2).getFirst().side();
        return Shape.of(3, side, side);
    }

    private static Network network(String architecture, int classes, Weights weights) {
        List<Network> candidates = networks(architecture, classes);
        return candidates.stream()
                .filter(n -> weights.names().contains(weight(n)))
                .findFirst()
                .orElseThrow(() -> new EngineException(
                        Kind.CORRUPT_FILE,
                        "tensor " + weight(candidates.getFirst()),
                        "missing",
                        candidates.stream()
                                .map(Architectures::weight)
                                .collect(Collectors.joining(" or ", "", ", the last layer of " + architecture))));
    }

    private static String weight(Network network) {
        return network.classifier() + ".weight";
    }

    private static void refuseSurplus(String architecture, Network network, Graph graph, Weights weights) {
        weights.names().stream()
                .filter(name -> !graph.initializers().containsKey(name) && !network.onlyForTraining(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw new EngineException(
                            Kind.CORRUPT_FILE, "tensor " + name, "present", "only the tensors of " + architecture);
                });
    }

    private static HostTensor read(Weights weights, String name, long... shape) {
        if (!weights.names().contains(name)) {
            throw new EngineException(Kind.CORRUPT_FILE, "tensor " + name, "missing", Arrays.toString(shape));
        }
        if (!Arrays.equals(weights.shape(name), shape)) {
            throw new EngineException(
                    Kind.CORRUPT_FILE,
                    "tensor " + name + " shape",
                    Arrays.toString(weights.shape(name)),
                    Arrays.toString(shape));
        }
        HostTensor tensor = weights.floats(name);
        for (float value : tensor.values()) {
            if (!Float.isFinite(value)) {
                throw new EngineException(Kind.CORRUPT_FILE, "tensor " + name, value, "finite values");
            }
        }
        return tensor;
    }
}
