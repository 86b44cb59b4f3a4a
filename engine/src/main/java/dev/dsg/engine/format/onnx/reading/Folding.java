package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.onnx.reading.Constant.Floats;
import dev.dsg.engine.format.onnx.reading.Constant.Ints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Operators whose inputs are all known: computed once, while the file is imported. This is the arithmetic with which
 * exporters spell out shapes. The size of the batch is carried along as {@link Constant#BATCH}; what would need its number
 * is refused.
 */
final class Folding {

    /** One operator on constants. */
    @FunctionalInterface
    interface Rule {
        Constant apply(Call call);
    }

    static final Map<String, Rule> ALL = Map.ofEntries(
            Map.entry("Constant", Folding::constant),
            Map.entry("ConstantOfShape", Folding::constantOfShape),
            Map.entry("Identity", call -> call.constant(0)),
            Map.entry("Dropout", call -> call.constant(0)),
            Map.entry(
                    "Shape",
                    call -> range(call, Constant.vector(call.constant(0).shape()))),
            Map.entry("Cast", Folding::cast),
            Map.entry("Gather", Folding::gather),
            Map.entry("Slice", Folding::slice),
            Map.entry("Concat", Folding::concat),
            Map.entry("Squeeze", call -> call.constant(0)
                    .reshaped(squeezed(call, call.constant(0).shape()))),
            Map.entry("Unsqueeze", call -> call.constant(0)
                    .reshaped(unsqueezed(call, call.constant(0).shape()))),
            Map.entry("Reshape", Folding::reshape),
            Map.entry("Transpose", Folding::transpose),
            Map.entry("Add", call -> arithmetic(call, Math::addExact, Double::sum, 0)),
            Map.entry("Sub", call -> arithmetic(call, Math::subtractExact, (a, b) -> a - b, 0)),
            Map.entry("Mul", call -> arithmetic(call, Math::multiplyExact, (a, b) -> a * b, 1)),
            Map.entry("Div", call -> arithmetic(call, (a, b) -> a / b, (a, b) -> a / b, 1)),
            Map.entry("Max", call -> arithmetic(call, Math::max, Math::max, 1)),
            Map.entry("Min", call -> arithmetic(call, Math::min, Math::min, Long.MAX_VALUE)),
            Map.entry("Neg", call -> each(call, value -> -value)),
            Map.entry("Reciprocal", call -> each(call, value -> 1 / value)),
            Map.entry("Floor", call -> each(call, Math::floor)),
            Map.entry("Ceil", call -> each(call, Math::ceil)),
            Map.entry("Sqrt", call -> each(call, Math::sqrt)));

    private Folding() {}

    private static Constant constant(Call call) {
        NodeProto node = call.node();
        for (Map.Entry<String, NodeProto.Attribute> attribute :
                node.attributes().entrySet()) {
            NodeProto.Attribute value = attribute.getValue();
            switch (attribute.getKey()) {
                case "value" -> {
                    return tensor(call, value);
                }
                case "value_int" -> {
                    return new Ints(new long[0], value.integer());
                }
                case "value_ints" -> {
                    return Constant.vector(value.integers());
                }
                case "value_float" -> {
                    return new Floats(new long[0], value.real());
                }
                case "value_floats" -> {
                    return floats(new long[] {value.reals().length}, value.reals());
                }
                default -> throw call.unsupported("attribute " + attribute.getKey(), "numbers");
            }
        }
        throw call.wrong(Kind.CORRUPT_FILE, "without a value", "a value");
    }

    private static Constant tensor(Call call, NodeProto.Attribute attribute) {
        if (attribute.tensor() == null) {
            throw call.wrong(Kind.CORRUPT_FILE, "without a tensor", "a tensor");
        }
        return attribute.tensor().read(ExternalData.NONE);
    }

    private static Constant constantOfShape(Call call) {
        long[] shape = known(call, call.ints(0)).values();
        int count = count(call, shape);
        Constant value = call.hasAttribute("value")
                ? tensor(call, call.node().attributes().get("value"))
                : new Floats(new long[] {1}, 0);
        if (value.count() != 1) {
            throw call.wrong(Kind.CORRUPT_FILE, value.count() + " values", "1");
        }
        return value.pick(shape, new int[count]);
    }

    private static int count(Call call, long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= call.length("length", size, 0);
            if (count > Constant.MOST_VALUES) {
                throw call.unsupported(
                        "a constant " + Arrays.toString(shape), Constant.MOST_VALUES + " values at most");
            }
        }
        return (int) count;
    }

    /** The dimensions from attribute {@code start} to attribute {@code end}. */
    static Ints range(Call call, Ints shape) {
        int rank = shape.count();
        int from = (int) clamp(call.integer("start", 0), rank);
        int to = (int) clamp(call.integer("end", rank), rank);
        return Constant.vector(Arrays.copyOfRange(shape.values(), from, Math.max(from, to)));
    }

    private static long clamp(long place, int length) {
        return Math.clamp(place < 0 ? place + length : place, 0, length);
    }

    private static Constant cast(Call call) {
        ElementType to =
                ElementType.of(call.integer("to", 0), "node " + call.node().label());
        return switch (call.constant(0)) {
            case Ints ints
            when to.isReal() -> {
                long[] values = known(call, ints).values();
                yield floats(
                        ints.shape(), LongStream.of(values).asDoubleStream().toArray());
            }
            case Floats floats
            when !to.isReal() -> {
                long[] values = new long[floats.count()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (long) floats.values()[i];
                }
                yield new Ints(floats.shape(), values);
            }
            case Constant same -> same;
        };
    }

    private static Constant gather(Call call) {
        Constant data = call.constant(0);
        Ints indices = known(call, call.ints(1));
        int axis = call.axis(call.integer("axis", 0), data.shape().length);
        int length = (int) data.shape()[axis];
        int[] places = new int[indices.count()];
        for (int i = 0; i < places.length; i++) {
            places[i] = call.axis(indices.values()[i], length);
        }
        Constant picked = select(call, data, axis, places);
        long[] before = Arrays.copyOf(data.shape(), axis);
        long[] behind = Arrays.copyOfRange(data.shape(), axis + 1, data.shape().length);
        return picked.reshaped(LongStream.concat(
                        LongStream.of(before), LongStream.concat(LongStream.of(indices.shape()), LongStream.of(behind)))
                .toArray());
    }

    private static Constant slice(Call call) {
        Constant sliced = call.constant(0);
        for (SliceAttributes.Cut cut : SliceAttributes.cuts(call, sliced.shape().length)) {
            long[] shape = sliced.shape();
            sliced = select(call, sliced, cut.axis(), cut.places((int) shape[cut.axis()]));
        }
        return sliced;
    }

    /** The entries of {@code axis} at {@code places}. */
    private static Constant select(Call call, Constant data, int axis, int[] places) {
        long[] shape = data.shape().clone();
        int length = (int) shape[axis];
        shape[axis] = places.length;
        int[] indices = new int[count(call, shape)];
        int inner = product(shape, axis + 1, shape.length);
        for (int i = 0; i < indices.length; i++) {
            int outer = i / inner / places.length;
            indices[i] = (outer * length + places[i / inner % places.length]) * inner + i % inner;
        }
        return data.pick(shape, indices);
    }

    private static int product(long[] shape, int from, int to) {
        return (int) LongStream.of(shape).skip(from).limit(to - from).reduce(1, Math::multiplyExact);
    }

    private static Constant concat(Call call) {
        List<Constant> parts = new ArrayList<>();
        for (int i = 0; i < call.inputs().size(); i++) {
            parts.add(call.constant(i));
        }
        long[] shape = parts.getFirst().shape().clone();
        int axis = call.axis(call.integer("axis", 0), shape.length);
        shape[axis] = 0;
        for (Constant part : parts) {
            long[] own = part.shape().clone();
            if (own.length != shape.length
                    || part.getClass() != parts.getFirst().getClass()) {
                throw call.wrong(Kind.CORRUPT_FILE, "parts of different rank or type", "equal ones");
            }
            shape[axis] += own[axis];
        }
        int[] indices = new int[count(call, shape)];
        int inner = product(shape, axis + 1, shape.length);
        int row = (int) shape[axis] * inner;
        int from = 0;
        int at = 0;
        for (Constant part : parts) {
            int run = (int) part.shape()[axis] * inner;
            if ((long) run * product(shape, 0, axis) != part.count()) {
                throw call.wrong(Kind.CORRUPT_FILE, Arrays.toString(part.shape()), "equal shapes but for axis " + axis);
            }
            for (int i = 0; i < part.count(); i++) {
                indices[i / run * row + at + i % run] = from + i;
            }
            from += part.count();
            at += run;
        }
        return flat(parts).pick(shape, indices);
    }

    private static Constant flat(List<Constant> parts) {
        if (parts.getFirst() instanceof Ints) {
            return Constant.vector(parts.stream()
                    .flatMapToLong(p -> LongStream.of(((Ints) p).values()))
                    .toArray());
        }
        int count = parts.stream().mapToInt(Constant::count).sum();
        float[] values = new float[count];
        int at = 0;
        for (Constant part : parts) {
            System.arraycopy(((Floats) part).values(), 0, values, at, part.count());
            at += part.count();
        }
        return new Floats(new long[] {count}, values);
    }

    /** {@code shape} without the dimensions of length 1 that the operator names, or without any such. */
    static long[] squeezed(Call call, long... shape) {
        long[] given = call.integers("axes", 1);
        int[] axes = given == null
                ? IntStream.range(0, shape.length).filter(i -> shape[i] == 1).toArray()
                : LongStream.of(given)
                        .mapToInt(axis -> call.axis(axis, shape.length))
                        .toArray();
        for (int axis : axes) {
            if (shape[axis] != 1) {
                throw call.wrong(Kind.INCOMPATIBLE_SHAPES, Constant.text(shape), "length 1 in dimension " + axis);
            }
        }
        return IntStream.range(0, shape.length)
                .filter(i -> IntStream.of(axes).noneMatch(axis -> axis == i))
                .mapToLong(i -> shape[i])
                .toArray();
    }

    /** {@code shape} with dimensions of length 1 where the operator names them. */
    static long[] unsqueezed(Call call, long... shape) {
        long[] given = call.integers("axes", 1);
        if (given == null) {
            throw call.wrong(Kind.CORRUPT_FILE, "without axes", "axes");
        }
        int rank = shape.length + given.length;
        long[] result = new long[rank];
        for (long axis : given) {
            result[call.axis(axis, rank)] = 1;
        }
        if (LongStream.of(result).sum() != given.length) {
            throw call.wrong(Kind.CORRUPT_FILE, "axes " + Arrays.toString(given), "each axis once");
        }
        int from = 0;
        for (int i = 0; i < rank; i++) {
            result[i] = result[i] == 1 ? 1 : shape[from++];
        }
        return result;
    }

    private static Constant reshape(Call call) {
        Constant data = call.constant(0);
        long[] shape = known(call, call.ints(1)).values().clone();
        long known = 1;
        int open = -1;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 0 && i < data.shape().length) {
                shape[i] = data.shape()[i];
            }
            if (shape[i] == -1) {
                open = i;
            } else {
                known *= call.length("length", shape[i], 0);
            }
        }
        if (open >= 0 && known > 0) {
            shape[open] = data.count() / known;
        }
        if (count(call, shape) != data.count()) {
            throw call.wrong(Kind.INCOMPATIBLE_SHAPES, Arrays.toString(shape), data.count() + " values");
        }
        return data.reshaped(shape);
    }

    private static Constant transpose(Call call) {
        Constant data = call.constant(0);
        int rank = data.shape().length;
        long[] reversed = IntStream.range(0, rank).mapToLong(i -> rank - 1 - i).toArray();
        int[] axes = LongStream.of(call.integers("perm", reversed))
                .mapToInt(axis -> call.axis(axis, rank))
                .toArray();
        if (IntStream.of(axes).distinct().count() != rank || axes.length != rank) {
            throw call.wrong(Kind.CORRUPT_FILE, "perm " + Arrays.toString(axes), "each axis once");
        }
        return transpose(data, axes);
    }

    /** {@code data} with its axes in the given order. */
    static Constant transpose(Constant data, int... axes) {
        int rank = axes.length;
        long[] shape = new long[rank];
        int[] steps = new int[rank];
        for (int i = 0; i < rank; i++) {
            shape[i] = data.shape()[axes[i]];
            steps[i] = product(data.shape(), axes[i] + 1, rank);
        }
        int[] indices = new int[data.count()];
        for (int i = 0; i < indices.length; i++) {
            int rest = i;
            for (int axis = rank - 1; axis >= 0; axis--) {
                indices[i] += (int) (rest % shape[axis]) * steps[axis];
                rest /= (int) shape[axis];
            }
        }
        return data.pick(shape, indices);
    }

    /** @param neutral what as second operand changes nothing, not even an unknown batch */
    private static Constant arithmetic(Call call, LongBinaryOperator whole, DoubleBinaryOperator real, long neutral) {
        if (call.inputs().size() != 2) {
            throw call.unsupported(call.inputs().size() + " constants", "two");
        }
        Constant a = call.constant(0);
        Constant b = call.constant(1);
        int count = Math.max(a.count(), b.count());
        boolean fits = (a.count() == count || a.count() == 1) && (b.count() == count || b.count() == 1);
        if (!fits || a.count() == b.count() && a.shape().length != 0 && b.shape().length != 0 && !sameSizes(a, b)) {
            throw call.unsupported(
                    Arrays.toString(a.shape()) + " and " + Arrays.toString(b.shape()),
                    "equal shapes or a single value");
        }
        long[] shape = a.count() == count && (b.count() != count || a.shape().length >= b.shape().length)
                ? a.shape()
                : b.shape();
        if (a instanceof Ints x && b instanceof Ints y) {
            long[] values = new long[count];
            for (int i = 0; i < count; i++) {
                values[i] = exact(call, whole, x.values()[i % x.count()], y.values()[i % y.count()], neutral);
            }
            return new Ints(shape, values);
        }
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = real.applyAsDouble(
                    call.floats(0).values()[i % a.count()], call.floats(1).values()[i % b.count()]);
        }
        return floats(shape, values);
    }

    private static boolean sameSizes(Constant a, Constant b) {
        return a.count() == 1 || Arrays.equals(a.shape(), b.shape());
    }

    private static long exact(Call call, LongBinaryOperator operation, long a, long b, long neutral) {
        if (a == Constant.BATCH && b == neutral) {
            return a;
        }
        if (a == Constant.BATCH || b == Constant.BATCH) {
            throw batchNeeded(call);
        }
        try {
            return operation.applyAsLong(a, b);
        } catch (ArithmeticException e) {
            throw call.wrong(Kind.CORRUPT_FILE, a + " and " + b, "numbers that do not run over");
        }
    }

    private static Constant each(Call call, java.util.function.DoubleUnaryOperator operation) {
        float[] values = call.floats(0).values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) operation.applyAsDouble(values[i]);
        }
        return new Floats(call.constant(0).shape(), values);
    }

    /** {@code ints}, which may not hold the size of the batch. */
    private static Ints known(Call call, Ints ints) {
        if (LongStream.of(ints.values()).anyMatch(v -> v == Constant.BATCH)) {
            throw batchNeeded(call);
        }
        return ints;
    }

    private static RuntimeException batchNeeded(Call call) {
        return call.wrong(
                Kind.UNRESOLVED_SHAPE,
                "computed with the size of the batch",
                "shapes that hold for a batch of any size; export without batch arithmetic");
    }

    private static Floats floats(long[] shape, double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return new Floats(shape, floats);
    }
}
