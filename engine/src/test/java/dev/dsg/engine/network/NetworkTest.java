package dev.dsg.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.ShapeInference;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every architecture with the names of every library. The counts are those that torchvision and pytorchcv publish. The
 * logits (the first two, the last, and the norm of all) were computed by PyTorch 1.13 with modules written from the
 * libraries' descriptions, named as theirs, and filled by {@link FormulaSource} as written in Python.
 */
@ParameterizedClass
@TestInstance(Lifecycle.PER_CLASS)
@CsvSource(textBlock = """
        # architecture, library, image, its last side, smaller image, parameters, BatchNorms, logits
        resnet20-cifar,  0,  32, 8,  32,   272474,  21,  51.1556,  98.5552, -47.2318,  156.945
        resnet20-cifar,  1,  32, 8,  32,   272474,  21, -74.5991,  39.9959, -10.8934,  111.235
        resnet20-cifar,  2,  32, 8,  32,   272474,  21, -4.63211, -2.49331,  3.41494,  33.2116
        vgg16-bn-cifar,  0,  32, 1,  32, 15253578,  13,   -2.086,-0.878977, -3.76779,   5.1152
        resnet18,        0, 224, 7,  64, 11689512,  20,-0.420925, -24.7564, -14.4148,  912.278
        resnet18,        1, 224, 7,  64, 11689512,  20, -18.0168,  7.92916, -54.1692,   1409.3
        resnet50-v1,     0, 224, 7,  64, 25557032,  53,  338.162,  898.579, -829.409,  30984.7
        resnet50-v1,     1, 224, 7,  64, 25557032,  53,  -215.04,    998.4,  784.188,  31654.5
        resnet50-v1.5,   0, 224, 7,  64, 25557032,  53,  833.051,  1134.33, -601.194,  36996.8
        resnet50-v1.5,   1, 224, 7,  64, 25557032,  53, -125.199,  1002.86,  517.989,  36423.1
        inceptionv3,     0, 299, 8, 107, 23834568,  94, -1.63577, 0.745885, 0.275357,  32.7744
        inceptionv3,     1, 299, 8, 107, 23834568,  94,-0.485302,  1.72827,  0.29796,  33.7727
        mobilenetv2,     0, 224, 7,  64,  3504872,  52,  3.40702,-0.196283, -2.34164,  88.8864
        mobilenetv2,     1, 224, 7,  64,  3504872,  52, -2.91457, -1.61076,  -5.0985,  86.8233
        mobilenetv2,     2, 224, 7,  64,  3504960,  53, -5.67737,  4.84996,  1.54965,  85.9063
        shufflenet-g1,   0, 224, 7,  64,  1531936,  49, -4313.31, -7221.62,  2224.83,   190542
        shufflenet-g2,   0, 224, 7,  64,  1733848,  49, -3621.79,  357.569, -487.881,   111996
        shufflenet-g3,   0, 224, 7,  64,  1865728,  49, -7933.36,  3409.42, -3432.31,   195330
        shufflenet-g4,   0, 224, 7,  64,  1968344,  49, -1613.03,  5111.49, -8088.71,   264242
        shufflenet-g8,   0, 224, 7,  64,  2434768,  49, -8782.65,  10015.6, -3439.58,   191726
        squeezenext23-w1,0, 224, 7,  64,   724056, 111, -2622.79, -21738.3, -4251.08,   306090
        squeezenext23-w2,0, 224, 7,  64,  2583752, 111, -29774.9, -38935.4, -45937.3,  1442370
        """)
class NetworkTest {

    @Parameter(0)
    private String architecture;

    @Parameter(1)
    private int library;

    @Parameter(2)
    private int image;

    @Parameter(3)
    private int lastSide;

    @Parameter(4)
    private int smaller;

    @Parameter(5)
    private long parameters;

    @Parameter(6)
    private int batchNorms;

    @Parameter(7)
    private double first;

    @Parameter(8)
    private double second;

    @Parameter(9)
    private double last;

    @Parameter(10)
    private double norm;

    private int classes;
    private Graph graph;
    private float[] logits;

    @BeforeParameterizedClassInvocation
    void run() {
        classes = architecture.endsWith("-cifar") ? 10 : 1000;
        graph = Architectures.networks(architecture, classes).get(library).build(new FormulaSource());
        logits = run(graph);
    }

    @Test
    void shouldHaveThePublishedSize() {
        long statistics = graph.nodes(Op.BatchNorm.class).stream()
                .mapToLong(n -> 2L * graph.parameter(n, 2).size(0))
                .sum();

        assertThat(graph.parameterCount() - statistics).isEqualTo(parameters);
        assertThat(graph.nodes(Op.BatchNorm.class)).hasSize(batchNorms);
    }

    @Test
    void shouldMapAnImageToLogits() {
        Map<String, Shape> shapes = ShapeInference.infer(graph, Shape.of(3, image, image));

        Shape lastImage = shapes.values().stream()
                .filter(shape -> shape.isImage() && shape.height() > 1 || lastSide == 1 && shape.isImage())
                .reduce((_, later) -> later)
                .orElseThrow();
        assertThat(lastImage.height()).isEqualTo(lastSide);
        assertThat(shapes.get(graph.output().name())).isEqualTo(Shape.of(classes));
    }

    @Test
    void shouldComputeWhatPyTorchComputes() {
        double sum = 0;
        for (float logit : logits) {
            sum += logit * logit;
        }
        Offset<Double> tolerance = within(1e-5 * norm);

        assertThat(Math.sqrt(sum)).isCloseTo(norm, tolerance);
        assertThat(logits).hasSize(classes);
        assertThat((double) logits[0]).isCloseTo(first, tolerance);
        assertThat((double) logits[1]).isCloseTo(second, tolerance);
        assertThat((double) logits[classes - 1]).isCloseTo(last, tolerance);
    }

    @Test
    void shouldComputeTheSameWithBatchNormFolded() {
        Graph folded = new BatchNormFolding(0).fold(graph);

        assertThat(folded.nodes(Op.BatchNorm.class)).isEmpty();
        assertThat(run(folded))
                .usingComparatorWithPrecision((float) (1e-5 * norm))
                .containsExactly(logits);
    }

    private float[] run(Graph graph) {
        HostTensor images = new FormulaSource().get("input", 1, 3, smaller, smaller);
        try (Interpreter network = new Interpreter(graph);
                Scope _ = Scope.open()) {
            return network.run(Tensor.of(images.values(), images.shape())).toFloats();
        }
    }
}
