package dev.dsg.engine.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Op.DepthToSpace.Order;
import dev.dsg.engine.graph.Padding;
import dev.dsg.engine.graph.Resampling;
import dev.dsg.engine.graph.Resampling.Method;
import dev.dsg.engine.graph.Resampling.Placement;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.ShapeInference;
import dev.dsg.engine.graph.Size;
import dev.dsg.engine.graph.Window;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InterpreterTest {

    /** 1..16 as an image of 4 by 4. */
    private static final float[] SIXTEEN = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    /** One operation on one small input, and its result by hand. */
    private record Case(String name, Op op, Shape in, float[] x, Shape out, float... y) {}

    static Stream<Case> byHand() {
        Shape image = Shape.of(1, 4, 4);
        Shape three = Shape.of(1, 1, 3);
        Shape square = Shape.of(1, 2, 2);
        Size pair = new Size(1, 2);
        Window wide = new Window(new Size(2, 3), new Size(2, 1), new Padding(1, 0, 0, 1), false);
        return Stream.of(
                new Case("clip", new Op.Clip(0, 6), three, v(-1, 5, 7), three, 0, 5, 6),
                new Case("leaky relu", new Op.LeakyRelu(0.1), three, v(-1, 0, 7), three, -.1f, 0, 7),
                new Case("elu", new Op.Elu(2), three, v(-1, 0, 7), three, -1.2642411f, 0, 7),
                new Case("softplus", new Op.Softplus(), three, v(-1, 0, 2), three, .31326166f, .6931472f, 2.126928f),
                new Case("erf", new Op.Erf(), three, v(-1, 0, .5f), three, -.8427008f, 0, .5204999f),
                new Case("sigmoid", new Op.Sigmoid(), three, v(-1, 0, 2), three, .26894143f, .5f, .880797f),
                new Case("hard sigmoid", new Op.HardSigmoid(.2, .5), three, v(-3, 1, 9), three, 0, .7f, 1),
                new Case("hard swish", new Op.HardSwish(), three, v(-1, 1, 4), three, -1 / 3f, 2 / 3f, 4),
                new Case("tanh", new Op.Tanh(), three, v(-1, 0, .5f), three, -.76159416f, 0, .46211716f),
                new Case("softmax", new Op.Softmax(3), three, v(0, 0, (float) Math.log(2)), three, .25f, .25f, .5f),
                new Case("softmax over channels", new Op.Softmax(1), three, v(0, 5, 7), three, 1, 1, 1),
                new Case("max pool", new Op.MaxPool(Window.square(3, 2, 1)), image, SIXTEEN, square, 6, 8, 14, 16),
                new Case(
                        "max pool in ceil mode",
                        new Op.MaxPool(Window.square(3, 2, 0).withCeil()),
                        image,
                        SIXTEEN,
                        square,
                        11,
                        12,
                        15,
                        16),
                new Case(
                        "max pool of negative values, asymmetric",
                        new Op.MaxPool(wide),
                        Shape.of(1, 2, 3),
                        v(-1, -2, -3, -4, -5, -6),
                        Shape.of(1, 1, 2),
                        -1,
                        -2),
                new Case(
                        "average pool, padding not counted",
                        new Op.AveragePool(Window.square(3, 2, 1), false),
                        image,
                        SIXTEEN,
                        square,
                        3.5f,
                        5,
                        9.5f,
                        11),
                new Case(
                        "average pool, padding counted",
                        new Op.AveragePool(Window.square(3, 2, 1), true),
                        image,
                        SIXTEEN,
                        square,
                        14 / 9f,
                        30 / 9f,
                        57 / 9f,
                        11),
                new Case(
                        "average pool in ceil mode counts no place beyond the padding",
                        new Op.AveragePool(Window.square(3, 2, 0).withCeil(), true),
                        image,
                        SIXTEEN,
                        square,
                        6,
                        7.5f,
                        12,
                        13.5f),
                new Case(
                        "average pool, asymmetric, not counted",
                        new Op.AveragePool(wide, false),
                        Shape.of(1, 2, 3),
                        v(1, 2, 3, 4, 5, 6),
                        Shape.of(1, 1, 2),
                        2,
                        2.5f),
                new Case(
                        "average pool, asymmetric, counted",
                        new Op.AveragePool(wide, true),
                        Shape.of(1, 2, 3),
                        v(1, 2, 3, 4, 5, 6),
                        Shape.of(1, 1, 2),
                        1,
                        5 / 6f),
                new Case(
                        "average pool, asymmetric, ceil, counted",
                        new Op.AveragePool(new Window(pair, pair, new Padding(0, 0, 0, 1), true), true),
                        Shape.of(1, 1, 4),
                        v(1, 2, 3, 4),
                        Shape.of(1, 1, 2),
                        1.5f,
                        3.5f),
                new Case(
                        "pad",
                        new Op.Pad(new Padding(1, 0, 0, 2), 9),
                        Shape.of(1, 1, 2),
                        v(1, 2),
                        Shape.of(1, 2, 4),
                        9,
                        9,
                        9,
                        9,
                        1,
                        2,
                        9,
                        9),
                new Case(
                        "slice",
                        new Op.Slice(1, 1, 4, 2),
                        Shape.of(4, 1, 2),
                        v(1, 2, 3, 4, 5, 6, 7, 8),
                        Shape.of(2, 1, 2),
                        3,
                        4,
                        7,
                        8),
                new Case(
                        "channel shuffle",
                        new Op.ChannelShuffle(2),
                        Shape.of(6, 1, 1),
                        v(0, 1, 2, 3, 4, 5),
                        Shape.of(6, 1, 1),
                        0,
                        3,
                        1,
                        4,
                        2,
                        5),
                new Case(
                        "depth to space, neighbours",
                        new Op.DepthToSpace(2, Order.CHANNELS_FIRST),
                        Shape.of(8, 1, 1),
                        v(0, 1, 2, 3, 4, 5, 6, 7),
                        Shape.of(2, 2, 2),
                        0,
                        1,
                        2,
                        3,
                        4,
                        5,
                        6,
                        7),
                new Case(
                        "depth to space, far apart",
                        new Op.DepthToSpace(2, Order.DEPTH_FIRST),
                        Shape.of(8, 1, 1),
                        v(0, 1, 2, 3, 4, 5, 6, 7),
                        Shape.of(2, 2, 2),
                        0,
                        2,
                        4,
                        6,
                        1,
                        3,
                        5,
                        7),
                new Case(
                        "transpose",
                        new Op.Transpose(List.of(0, 2, 3, 1)),
                        Shape.of(2, 1, 2),
                        v(1, 2, 3, 4),
                        Shape.of(1, 2, 2),
                        1,
                        3,
                        2,
                        4),
                new Case("reshape", new Op.Reshape(Shape.of(3, 1)), three, v(1, 2, 3), Shape.of(3, 1), 1, 2, 3),
                new Case(
                        "resize, nearest, twice",
                        resize(Method.NEAREST_FLOOR, Placement.ASYMMETRIC, 1, 4, 2),
                        Shape.of(1, 1, 2),
                        v(1, 2),
                        Shape.of(1, 1, 4),
                        1,
                        1,
                        2,
                        2),
                new Case(
                        "resize, linear, half pixel",
                        resize(Method.LINEAR, Placement.HALF_PIXEL, 1, 4, 2),
                        Shape.of(1, 1, 2),
                        v(1, 2),
                        Shape.of(1, 1, 4),
                        1,
                        1.25f,
                        1.75f,
                        2),
                new Case(
                        "resize, linear, corners aligned",
                        resize(Method.LINEAR, Placement.ALIGN_CORNERS, 1, 4, 2),
                        Shape.of(1, 1, 2),
                        v(1, 2),
                        Shape.of(1, 1, 4),
                        1,
                        4 / 3f,
                        5 / 3f,
                        2),
                new Case(
                        "resize of rows, linear, asymmetric",
                        new Op.Resize(new Size(4, 1), new Resampling(Method.LINEAR, Placement.ASYMMETRIC, 2, 1)),
                        Shape.of(1, 2, 1),
                        v(1, 2),
                        Shape.of(1, 4, 1),
                        1,
                        1.5f,
                        2,
                        2));
    }

    private static Op resize(Method method, Placement placement, int height, int width, double scale) {
        return new Op.Resize(new Size(height, width), new Resampling(method, placement, 1, scale));
    }

    @ParameterizedTest
    @MethodSource("byHand")
    void shouldComputeWhatIsComputedByHand(Case c) {
        Graph graph = graph((g, x) -> g.add(c.name(), c.op(), x));

        assertThat(ShapeInference.infer(graph, c.in()).get(c.name())).isEqualTo(c.out());
        assertClose(run(graph, c.in(), c.x()), c.y());
    }

    @ParameterizedTest
    @MethodSource("byHand")
    void shouldTreatEachExampleOfABatchAlone(Case c) {
        Graph graph = graph((g, x) -> g.add(c.name(), c.op(), x));
        float[] twice = Arrays.copyOf(c.x(), 2 * c.x().length);
        float[] other = new float[c.x().length];
        System.arraycopy(other, 0, twice, other.length, other.length);

        float[] made = run(graph, c.in(), twice);

        assertClose(Arrays.copyOf(made, c.y().length), c.y());
        assertClose(Arrays.copyOfRange(made, c.y().length, made.length), run(graph, c.in(), other));
    }

    /** Every kernel, stride, dilation and padding against the sum that defines a convolution. */
    @Test
    void shouldConvolveByDefinition() {
        Random random = new Random(1);
        for (int round = 0; round < 60; round++) {
            // Given
            int groups = 1 + random.nextInt(3);
            Shape in = Shape.of(groups * (1 + random.nextInt(2)), 4 + random.nextInt(4), 4 + random.nextInt(4));
            int out = groups * (1 + random.nextInt(2));
            Size kernel = new Size(1 + random.nextInt(2), 1 + random.nextInt(2));
            Op.Conv conv = new Op.Conv(
                    new Size(1 + random.nextInt(3), 1 + random.nextInt(3)),
                    new Padding(random.nextInt(3), random.nextInt(3), random.nextInt(3), random.nextInt(3)),
                    new Size(1 + random.nextInt(2), 1 + random.nextInt(2)),
                    groups);
            Graph graph = graph(
                    (g, x) -> g.conv("conv", x, in.channels(), out, kernel, conv, true),
                    (_, shape) -> gaussian(random, shape));
            float[] x = gaussian(random, in.count()).values();

            // When
            float[] made = run(graph, in, x);

            // Then
            Shape expected = ShapeInference.infer(graph, in).get("conv");
            assertThat(made).as(conv.toString()).hasSize(expected.count());
            assertClose(made, convolution(graph, conv, in, expected, x));
        }
    }

    private static float[] convolution(Graph graph, Op.Conv conv, Shape in, Shape out, float[] x) {
        HostTensor weight = graph.initializers().get("conv.weight");
        float[] bias = graph.initializers().get("conv.bias").values();
        int perGroup = weight.size(1);
        float[] y = new float[out.count()];
        for (int o = 0; o < out.channels(); o++) {
            int group = o / (out.channels() / conv.groups());
            for (int row = 0; row < out.height(); row++) {
                for (int column = 0; column < out.width(); column++) {
                    double sum = bias[o];
                    for (int i = 0; i < perGroup * weight.size(2) * weight.size(3); i++) {
                        int kx = i % weight.size(3);
                        int ky = i / weight.size(3) % weight.size(2);
                        int c = i / weight.size(3) / weight.size(2);
                        int h = row * conv.stride().height()
                                - conv.padding().top()
                                + ky * conv.dilation().height();
                        int w = column * conv.stride().width()
                                - conv.padding().left()
                                + kx * conv.dilation().width();
                        if (h >= 0 && h < in.height() && w >= 0 && w < in.width()) {
                            sum += weight.values()[o * perGroup * weight.size(2) * weight.size(3) + i]
                                    * x[((group * perGroup + c) * in.height() + h) * in.width() + w];
                        }
                    }
                    y[(o * out.height() + row) * out.width() + column] = (float) sum;
                }
            }
        }
        return y;
    }

    /** Every window, padding and ceil mode against the definition. */
    @Test
    void shouldPoolByDefinition() {
        Random random = new Random(2);
        for (int round = 0; round < 200; round++) {
            // Given
            Shape in = Shape.of(1, 3 + random.nextInt(5), 3 + random.nextInt(5));
            Size kernel = new Size(1 + random.nextInt(3), 1 + random.nextInt(3));
            Padding padding = random.nextBoolean()
                    ? Padding.of(random.nextInt(kernel.height()), random.nextInt(kernel.width()))
                    : new Padding(
                            random.nextInt(kernel.height()),
                            random.nextInt(kernel.width()),
                            random.nextInt(kernel.height()),
                            random.nextInt(kernel.width()));
            Size stride = new Size(1 + random.nextInt(3), 1 + random.nextInt(3));
            Window window = new Window(kernel, stride, padding, random.nextBoolean());
            boolean countPadding = random.nextBoolean();
            Graph max = graph((g, x) -> g.add("max", new Op.MaxPool(window), x));
            Graph average = graph((g, x) -> g.add("average", new Op.AveragePool(window, countPadding), x));
            float[] x = gaussian(random, in.count()).values();

            // Then
            assertThat(ShapeInference.infer(max, in).get("max").count())
                    .as(window.toString())
                    .isEqualTo(window.rows(in.height()) * window.columns(in.width()));
            assertClose(run(max, in, x), pooled(window, in, x, false, true));
            assertClose(run(average, in, x), pooled(window, in, x, countPadding, false));
        }
    }

    private static float[] pooled(Window window, Shape in, float[] x, boolean countPadding, boolean max) {
        int columns = window.columns(in.width());
        float[] y = new float[window.rows(in.height()) * columns];
        Padding padding = window.padding();
        for (int i = 0; i < y.length; i++) {
            int top = i / columns * window.stride().height() - padding.top();
            int left = i % columns * window.stride().width() - padding.left();
            double sum = 0;
            float largest = Float.NEGATIVE_INFINITY;
            int counted = 0;
            for (int h = top; h < top + window.kernel().height(); h++) {
                for (int w = left; w < left + window.kernel().width(); w++) {
                    if (h >= 0 && h < in.height() && w >= 0 && w < in.width()) {
                        float value = x[h * in.width() + w];
                        sum += value;
                        largest = Math.max(largest, value);
                        counted++;
                    } else if (countPadding && h < in.height() + padding.bottom() && w < in.width() + padding.right()) {
                        counted++;
                    }
                }
            }
            y[i] = max ? largest : (float) (sum / counted);
        }
        return y;
    }

    @Test
    void shouldRepeatADimensionOfLengthOne() {
        // Given: each channel times its own mean
        Graph graph = graph((g, x) -> g.add("mul", new Op.Mul(), x, g.add("pool", new Op.GlobalAveragePool(), x)));

        assertClose(run(graph, Shape.of(2, 1, 2), v(1, 3, 4, 4)), v(2, 6, 16, 16));
    }

    @Test
    void shouldAddAndMultiplyConstants() {
        Graph graph = graph(
                (g, x) -> g.addConstant("shift", g.mulConstant("scale", x, 2, 1, 1), 1, 1, 1),
                (name, shape) -> new HostTensor(shape, name.startsWith("scale") ? v(2, 3) : v(-1)));

        assertClose(run(graph, Shape.of(2, 1, 1), v(1, 2)), v(1, 5));
    }

    @Test
    void shouldConcatenate() {
        Graph graph = graph((g, x) -> g.add("concat", new Op.Concat(1), g.add("relu", new Op.Relu(), x), x, x));

        assertClose(run(graph, Shape.of(1, 1, 2), v(-1, 2)), v(0, 2, -1, 2, -1, 2));
    }

    @Test
    void shouldComputeTheSameWhileRecording() {
        Graph graph = graph((g, x) -> g.add("swish", new Op.HardSwish(), g.add("tanh", new Op.Tanh(), x)));
        float[] values = {-2, -.5f, .5f, 2};
        float[] expected = run(graph, Shape.of(1, 1, 4), values);

        try (Interpreter interpreter = new Interpreter(graph);
                Scope _ = Scope.open();
                GradientScope _ = GradientScope.open()) {
            assertThat(interpreter.run(Tensor.of(values, 1, 1, 1, 4)).toFloats())
                    .containsExactly(expected);
        }
    }

    static Stream<Arguments> differentiable() {
        return byHand().filter(c -> !c.name().startsWith("softmax over")) // constant
                .map(c -> Arguments.of(c.name(), c));
    }

    /** The slope of the sum of cubes of the result, at a point away from every kink, against central differences. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("differentiable")
    void shouldHaveTheGradientOfCentralDifferences(String name, Case c) {
        Graph graph = graph((g, x) -> g.add(name, c.op(), x));
        Random random = new Random(5);
        float[] at = new float[c.in().count()];
        for (int i = 0; i < at.length; i++) {
            at[i] = (i * 7 % at.length) * 0.3f - 1.05f + 0.02f * random.nextFloat();
        }
        float[] gradient;
        try (Interpreter interpreter = new Interpreter(graph);
                Scope _ = Scope.open()) {
            Tensor x = Tensor.of(at, shape(c.in(), 1)).requireGradient();
            try (GradientScope gradients = GradientScope.open()) {
                Tensor loss = cubes(interpreter.run(x));
                System.gc();
                gradients.backward(loss);
            }
            gradient = x.gradient().toFloats();
            for (int i = 0; i < at.length; i++) {
                double slope =
                        (cubes(interpreter, c.in(), at, i, 1e-2f) - cubes(interpreter, c.in(), at, i, -1e-2f)) / 2e-2;
                assertThat((double) gradient[i])
                        .as("d / d x[%d]", i)
                        .isCloseTo(slope, within(1e-2 * Math.max(1, Math.abs(slope))));
            }
        }
    }

    private static double cubes(Interpreter interpreter, Shape in, float[] at, int index, float by) {
        float[] moved = at.clone();
        moved[index] += by;
        double sum = 0;
        for (float y : interpreter.run(Tensor.of(moved, shape(in, 1))).toFloats()) {
            sum += (double) y * y * y;
        }
        return sum;
    }

    private static Tensor cubes(Tensor y) {
        return y.mul(y).mul(y).sum();
    }

    private static Graph graph(BiFunction<GraphBuilder, String, String> body) {
        return graph(body, (_, shape) -> new HostTensor(shape, new float[0]));
    }

    private static Graph graph(BiFunction<GraphBuilder, String, String> body, GraphBuilder.Source source) {
        GraphBuilder g = new GraphBuilder(source);
        body.apply(g, g.input("input"));
        return g.build();
    }

    private static float[] run(Graph graph, Shape in, float[] x) {
        try (Interpreter interpreter = new Interpreter(graph);
                Scope _ = Scope.open()) {
            return interpreter
                    .run(Tensor.of(x, shape(in, x.length / in.count())))
                    .toFloats();
        }
    }

    private static long[] shape(Shape one, long batch) {
        long[] shape = new long[one.rank()];
        shape[0] = batch;
        for (int axis = 1; axis < shape.length; axis++) {
            shape[axis] = one.size(axis);
        }
        return shape;
    }

    private static HostTensor gaussian(Random random, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new HostTensor(shape, values);
    }

    private static float[] v(float... values) {
        return values;
    }

    private static void assertClose(float[] actual, float... expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("value %d", i).isCloseTo(expected[i], within(1e-5f));
        }
    }
}
