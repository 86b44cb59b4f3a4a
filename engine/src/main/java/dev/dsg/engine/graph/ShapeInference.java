package dev.dsg.engine.graph;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of what every node makes, from the shape of the network's input and those of the parameters. Every
 * disagreement is an {@link EngineException} of kind {@link Kind#INCOMPATIBLE_SHAPES} that names the node.
 */
public final class ShapeInference {

    private ShapeInference() {}

    /** The shape of every node's value by the node's name, in the graph's order, for an input of shape {@code input}. */
    public static Map<String, Shape> infer(Graph graph, Shape input) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            List<Shape> inputs = node.inputs().stream().map(shapes::get).toList();
            List<HostTensor> parameters =
                    node.parameters().stream().map(graph.initializers()::get).toList();
            boolean first = shapes.isEmpty() && node.op() instanceof Op.Input;
            shapes.put(node.name(), first ? input : infer(node, inputs, parameters));
        }
        return Collections.unmodifiableMap(shapes);
    }

    /**
     * The shape of what one node makes.
     *
     * @param node any but an {@link Op.Input}
     * @param inputs the shapes of what it reads
     * @param parameters the values of its parameters
     */
    public static Shape infer(Node node, List<Shape> inputs, List<HostTensor> parameters) {
        Rule rule = new Rule(node, inputs, parameters);
        try {
            return infer(node.op(), rule);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw rule.wrong(inputs, "lengths of 1 and more, and fewer than 2^31 values in one example");
        }
    }

    private static Shape infer(Op op, Rule rule) {
        return switch (op) {
            case Op.Input() -> throw rule.wrong("a second input", "one input");
            case Op.Conv conv -> rule.conv(conv);
            case Op.Gemm() -> rule.gemm();
            case Op.BatchNorm _ -> rule.batchNorm();
            case Op.Relu _, Op.Clip _, Op.LeakyRelu _, Op.Elu _, Op.Softplus _, Op.Erf _ -> rule.first();
            case Op.Sigmoid _, Op.HardSigmoid _, Op.HardSwish _, Op.Tanh _ -> rule.first();
            case Op.Softmax(int axis) -> rule.withAxis(axis);
            case Op.Add(), Op.Mul() -> rule.broadcast();
            case Op.AddConstant(), Op.MulConstant() -> rule.constant();
            case Op.MaxPool(Window window) -> rule.pool(window);
            case Op.AveragePool pool -> rule.pool(pool.window());
            case Op.GlobalAveragePool() -> Shape.of(rule.image().channels(), 1, 1);
            case Op.Resize resize ->
                Shape.of(
                        rule.image().channels(),
                        resize.to().height(),
                        resize.to().width());
            case Op.Pad pad -> rule.pad(pad.padding());
            case Op.Subsample(int step) -> rule.subsample(step);
            case Op.PadChannels(int before, int after) ->
                rule.channels(rule.image().channels() + before + after);
            case Op.Concat(int axis) -> rule.concat(axis);
            case Op.Slice slice -> rule.slice(slice);
            case Op.ChannelShuffle(int groups) -> rule.shuffle(groups);
            case Op.DepthToSpace deep -> rule.depthToSpace(deep.block());
            case Op.Transpose(List<Integer> axes) -> rule.transpose(axes);
            case Op.Reshape(Shape to) -> rule.reshape(to);
            case Op.Flatten() -> Shape.of(rule.first().count());
        };
    }

    /** What one node reads, and how that becomes the shape of what it makes. */
    private record Rule(Node node, List<Shape> inputs, List<HostTensor> parameters) {

        Shape first() {
            return inputs.getFirst();
        }

        Shape image() {
            if (!first().isImage()) {
                throw wrong(first(), "images, [batch, channels, height, width]");
            }
            return first();
        }

        Shape channels(int channels) {
            return Shape.of(channels, image().height(), image().width());
        }

        Shape conv(Op.Conv conv) {
            HostTensor weight = parameter(0, 4);
            Shape x = image();
            int out = weight.size(0);
            if (Math.multiplyExact(weight.size(1), conv.groups()) != x.channels() || out % conv.groups() != 0) {
                throw wrong(
                        x,
                        weight.size(1) * conv.groups() + " channels for the weight " + Arrays.toString(weight.shape())
                                + " in groups of " + conv.groups());
            }
            if (parameters.size() > 1) {
                vector(1, out);
            }
            int height = Math.multiplyExact(weight.size(2) - 1, conv.dilation().height()) + 1;
            int width = Math.multiplyExact(weight.size(3) - 1, conv.dilation().width()) + 1;
            Window window = new Window(new Size(height, width), conv.stride(), conv.padding(), false);
            return windows(x, window, out);
        }

        Shape pool(Window window) {
            return windows(image(), window, image().channels());
        }

        private Shape windows(Shape x, Window window, int channels) {
            int rows = window.rows(x.height());
            int columns = window.columns(x.width());
            if (rows < 1 || columns < 1) {
                throw wrong(x, "room for a window of " + window.kernel() + " in " + window.padding());
            }
            return Shape.of(channels, rows, columns);
        }

        Shape gemm() {
            HostTensor weight = parameter(0, 2);
            if (first().rank() != 2 || first().size(1) != weight.size(1)) {
                throw wrong(first(), "[batch, " + weight.size(1) + "]");
            }
            vector(1, weight.size(0));
            return Shape.of(weight.size(0));
        }

        Shape batchNorm() {
            for (int i = 0; i < 4; i++) {
                vector(i, image().channels());
            }
            return first();
        }

        Shape withAxis(int axis) {
            if (axis < 1 || axis >= first().rank()) {
                throw wrong("axis " + axis, "1.." + (first().rank() - 1) + " of " + first());
            }
            return first();
        }

        Shape broadcast() {
            return broadcast(first(), inputs.get(1).sizes());
        }

        Shape constant() {
            List<Integer> constant = Arrays.stream(parameters.getFirst().shape())
                    .mapToObj(Math::toIntExact)
                    .toList();
            Shape made = broadcast(first(), constant);
            if (!made.equals(first())) {
                throw wrong(constant, "a constant that fits into " + first());
            }
            return made;
        }

        private Shape broadcast(Shape one, List<Integer> other) {
            boolean fits = one.sizes().size() == other.size();
            List<Integer> sizes = new ArrayList<>();
            for (int i = 0; fits && i < other.size(); i++) {
                int a = one.sizes().get(i);
                int b = other.get(i);
                fits = a == b || a == 1 || b == 1;
                sizes.add(Math.max(a, b));
            }
            if (!fits) {
                throw wrong(other, "dimensions as in " + one + ", each of the same length or of length 1");
            }
            return new Shape(sizes);
        }

        Shape pad(Padding padding) {
            Shape x = image();
            return Shape.of(
                    x.channels(),
                    x.height() + padding.top() + padding.bottom(),
                    x.width() + padding.left() + padding.right());
        }

        Shape subsample(int step) {
            return Shape.of(
                    image().channels(), Math.ceilDiv(image().height(), step), Math.ceilDiv(image().width(), step));
        }

        Shape concat(int axis) {
            withAxis(axis);
            int length = 0;
            for (Shape part : inputs) {
                if (part.rank() != first().rank() || !with(part, axis, 1).equals(with(first(), axis, 1))) {
                    throw wrong(part, first() + " but for axis " + axis);
                }
                length += part.size(axis);
            }
            return with(first(), axis, length);
        }

        Shape slice(Op.Slice slice) {
            withAxis(slice.axis());
            if (slice.to() > first().size(slice.axis())) {
                throw wrong("slice up to " + slice.to(), "at most " + first().size(slice.axis()));
            }
            return with(first(), slice.axis(), Math.ceilDiv(slice.to() - slice.from(), slice.step()));
        }

        Shape shuffle(int groups) {
            if (image().channels() % groups != 0) {
                throw wrong(image(), "channels in " + groups + " groups");
            }
            return image();
        }

        Shape depthToSpace(int block) {
            Shape x = image();
            if (x.channels() % (block * block) != 0) {
                throw wrong(x, "a multiple of " + block * block + " channels");
            }
            return Shape.of(x.channels() / (block * block), x.height() * block, x.width() * block);
        }

        Shape transpose(List<Integer> axes) {
            List<Integer> sorted = axes.stream().sorted().toList();
            for (int axis = 0; axis < sorted.size(); axis++) {
                if (sorted.get(axis) != axis || sorted.size() != first().rank()) {
                    throw wrong(axes, "each axis of " + first() + " once");
                }
            }
            return new Shape(axes.stream().skip(1).map(first()::size).toList());
        }

        Shape reshape(Shape to) {
            if (to.count() != first().count()) {
                throw wrong(to, "as many values as " + first());
            }
            return to;
        }

        private static Shape with(Shape shape, int axis, int length) {
            List<Integer> sizes = new ArrayList<>(shape.sizes());
            sizes.set(axis - 1, length);
            return new Shape(sizes);
        }

        private HostTensor parameter(int index, int rank) {
            HostTensor parameter = parameters.get(index);
            if (parameter.shape().length != rank) {
                throw wrong(
                        node.parameters().get(index) + " " + Arrays.toString(parameter.shape()), rank + " dimensions");
            }
            return parameter;
        }

        private void vector(int index, int length) {
            if (parameter(index, 1).size(0) != length) {
                throw wrong(
                        node.parameters().get(index) + " "
                                + Arrays.toString(parameters.get(index).shape()),
                        "length " + length);
            }
        }

        EngineException wrong(Object value, String expected) {
            return new EngineException(Kind.INCOMPATIBLE_SHAPES, "node " + node.name(), value, expected);
        }
    }
}
