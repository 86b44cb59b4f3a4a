package dev.dsg.engine.format;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Unpickler.Tuple;
import dev.dsg.engine.graph.HostTensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A PyTorch state dict in memory: what {@code torch.save(model.state_dict(), "weights.pth")} writes since PyTorch 1.6, a
 * zip file of one pickle and the bytes of each storage. Reading one can make tensors, dictionaries, lists, numbers and
 * texts and nothing else: a class the pickle names beyond those that tensors need is refused, never looked up.
 *
 * <p>A checkpoint that holds the state dict under {@code state_dict}, {@code model_state_dict} or {@code model} is read as
 * that state dict, and the prefix {@code module.} that data-parallel training puts before every name is taken off.
 */
public final class StateDict implements Weights {

    private static final int MAX_PICKLE_BYTES = 1 << 23;
    private static final List<String> WRAPPERS = List.of("state_dict", "model_state_dict", "model");
    private static final String PARALLEL = "module.";
    private static final String HOW = "weights alone, as torch.save(model.state_dict(), \"weights.pth\") writes them";
    /** How files begin that PyTorch wrote before 1.6: protocol 2, and a magic number of ten bytes. */
    private static final int LEGACY = 0x80028a0a;

    private final Map<String, StridedTensor> tensors = new LinkedHashMap<>();

    private StateDict(Map<?, ?> values) {
        boolean parallel = !values.isEmpty()
                && values.keySet().stream().allMatch(key -> key instanceof String name && name.startsWith(PARALLEL));
        values.forEach((key, value) -> {
            if (!(key instanceof String name && value instanceof StridedTensor tensor)) {
                throw corrupt("state dict entry " + key, "no tensor", HOW);
            }
            tensors.put(parallel ? name.substring(PARALLEL.length()) : name, tensor);
        });
    }

    /** Whether a file begins as PyTorch's do. */
    static boolean recognises(byte[] file) {
        return StoredZip.recognises(file) || legacy(file);
    }

    private static boolean legacy(byte[] file) {
        return file.length >= Integer.BYTES && ByteBuffer.wrap(file).getInt() == LEGACY;
    }

    /**
     * Parses the bytes of a file.
     *
     * @throws EngineException of kind {@link Kind#CORRUPT_FILE} that names the entry, tensor or class
     */
    public static StateDict parse(byte[] file) {
        if (legacy(file)) {
            throw corrupt(
                    "file", "in the form PyTorch wrote before 1.6", "the zip form; load it and torch.save it again");
        }
        Map<String, ByteBuffer> entries = StoredZip.entries(file);
        String root = entries.keySet().stream()
                .filter(name -> name.endsWith("/data.pkl"))
                .findFirst()
                .map(name -> name.substring(0, name.length() - "data.pkl".length()))
                .orElseThrow(() -> corrupt("zip entry data.pkl", "missing", HOW));
        ByteBuffer pickle = entries.get(root + "data.pkl");
        ByteBuffer order = entries.get(root + "byteorder");
        if (order != null && !StandardCharsets.US_ASCII.decode(order).toString().equals("little")) {
            throw corrupt("zip entry " + root + "byteorder", "big", "little; save the file on another machine");
        }
        if (pickle.remaining() > MAX_PICKLE_BYTES) {
            throw corrupt(root + "data.pkl", pickle.remaining() + " bytes", "at most " + MAX_PICKLE_BYTES);
        }
        return new StateDict(unwrap(Unpickler.load(pickle, new TorchNames(root, entries))));
    }

    private static Map<?, ?> unwrap(Object value) {
        if (!(value instanceof Map<?, ?> outer)) {
            throw corrupt("data.pkl", "no dictionary", HOW);
        }
        for (String wrapper : WRAPPERS) {
            if (outer.get(wrapper) instanceof Map<?, ?> inner) {
                return inner;
            }
        }
        return outer;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public long[] shape(String name) {
        return tensor(name).shape().clone();
    }

    @Override
    public HostTensor floats(String name) {
        StridedTensor tensor = tensor(name);
        if (!tensor.storage().type().floating()) {
            throw corrupt("tensor " + name + " type", tensor.storage().type(), "a floating-point type");
        }
        return tensor.floats();
    }

    private StridedTensor tensor(String name) {
        StridedTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw corrupt("tensor " + name, "missing", "one of " + tensors.size() + " tensors");
        }
        return tensor;
    }

    private static EngineException corrupt(String field, Object value, String expected) {
        return new EngineException(Kind.CORRUPT_FILE, field, value, expected);
    }

    /** Elements of one type, which several tensors may share. */
    private record Storage(DataType type, ByteBuffer bytes, long count) {}

    /** A view of a storage; offset and strides count elements. */
    private record StridedTensor(Storage storage, long offset, long[] shape, long[] strides) {

        /** Refuses a view that leaves its storage, or repeats its elements and so takes more memory than the file. */
        StridedTensor {
            require(shape.length == strides.length, shape, strides, storage);
            long count = 1;
            long last = offset;
            for (int d = 0; d < shape.length; d++) {
                require(shape[d] >= 0 && strides[d] >= 0, shape, strides, storage);
                count = Math.multiplyExact(count, shape[d]);
                last = Math.addExact(last, Math.multiplyExact(shape[d] - 1, strides[d]));
            }
            require(offset >= 0 && count <= storage.count(), shape, strides, storage);
            require(count == 0 || last < storage.count(), shape, strides, storage);
        }

        private static void require(boolean fits, long[] shape, long[] strides, Storage storage) {
            if (!fits) {
                throw corrupt(
                        "tensor view",
                        "shape " + Arrays.toString(shape) + " with strides " + Arrays.toString(strides),
                        "one within its storage of " + storage.count() + " elements");
            }
        }

        HostTensor floats() {
            int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
            float[] values = new float[count];
            int[] index = new int[shape.length];
            long at = offset;
            for (int i = 0; i < count; i++) {
                values[i] = storage.type()
                        .floatAt(
                                storage.bytes(),
                                Math.toIntExact(at * storage.type().bytes()));
                at += step(index);
            }
            return new HostTensor(shape.clone(), values);
        }

        /** Moves the index on in row-major order; by how many elements of the storage. */
        private long step(int[] index) {
            long moved = 0;
            for (int d = shape.length - 1; d >= 0; d--) {
                index[d]++;
                moved += strides[d];
                if (index[d] < shape[d]) {
                    return moved;
                }
                moved -= index[d] * strides[d];
                index[d] = 0;
            }
            return moved;
        }
    }

    /** The few names that a state dict needs, and what they make. */
    private static final class TorchNames implements Unpickler.Names {

        private enum Callable {
            ORDERED_DICT,
            REBUILD_TENSOR,
            REBUILD_PARAMETER
        }

        private static final Map<String, Object> ALLOWED = Map.ofEntries(
                Map.entry("collections.OrderedDict", Callable.ORDERED_DICT),
                Map.entry("torch._utils._rebuild_tensor_v2", Callable.REBUILD_TENSOR),
                Map.entry("torch._utils._rebuild_parameter", Callable.REBUILD_PARAMETER),
                Map.entry("torch.DoubleStorage", DataType.F64),
                Map.entry("torch.FloatStorage", DataType.F32),
                Map.entry("torch.HalfStorage", DataType.F16),
                Map.entry("torch.BFloat16Storage", DataType.BF16),
                Map.entry("torch.LongStorage", DataType.I64),
                Map.entry("torch.IntStorage", DataType.I32),
                Map.entry("torch.ShortStorage", DataType.I16),
                Map.entry("torch.CharStorage", DataType.I8),
                Map.entry("torch.ByteStorage", DataType.U8),
                Map.entry("torch.BoolStorage", DataType.BOOL));

        private final String root;
        private final Map<String, ByteBuffer> entries;

        TorchNames(String root, Map<String, ByteBuffer> entries) {
            this.root = root;
            this.entries = entries;
        }

        @Override
        public Object find(String module, String name) {
            Object found = ALLOWED.get(module + "." + name);
            if (found == null) {
                throw corrupt("pickled class", module + "." + name, HOW);
            }
            return found;
        }

        @Override
        public Object call(Object callable, List<?> arguments) {
            Object made = callable instanceof Callable known ? make(known, arguments) : null;
            if (made == null) {
                throw corrupt("pickled call", "not one of a tensor or dictionary", HOW);
            }
            return made;
        }

        /** What a call makes, or null if the arguments are not those of a state dict. */
        private static Object make(Callable callable, List<?> arguments) {
            return switch (callable) {
                case ORDERED_DICT -> arguments.isEmpty() ? new LinkedHashMap<>() : null;
                case REBUILD_TENSOR -> arguments.size() < 4 ? null : tensor(arguments);
                case REBUILD_PARAMETER ->
                    !arguments.isEmpty() && arguments.getFirst() instanceof StridedTensor data ? data : null;
            };
        }

        /** Storage, offset, shape and strides; what follows is for training. */
        private static StridedTensor tensor(List<?> arguments) {
            return arguments.get(0) instanceof Storage storage
                            && arguments.get(1) instanceof Long offset
                            && arguments.get(2) instanceof Tuple shape
                            && arguments.get(3) instanceof Tuple strides
                    ? new StridedTensor(storage, offset, longs(shape), longs(strides))
                    : null;
        }

        private static long[] longs(Tuple tuple) {
            return tuple.items().stream()
                    .mapToLong(item -> item instanceof Long size ? size : -1)
                    .toArray();
        }

        /** A storage, named by {@code ("storage", type, key, device, count)}; its bytes are the entry {@code data/key}. */
        @Override
        public Object outside(Object id) {
            if (id instanceof Tuple(List<Object> items)
                    && items.size() == 5
                    && "storage".equals(items.get(0))
                    && items.get(1) instanceof DataType type
                    && items.get(2) instanceof String key
                    && items.get(4) instanceof Long count) {
                return storage(type, root + "data/" + key, count);
            }
            throw corrupt("pickled reference", "not one of a storage", HOW);
        }

        private Storage storage(DataType type, String entry, long count) {
            ByteBuffer bytes = entries.get(entry);
            if (bytes == null) {
                throw corrupt("zip entry " + entry, "missing", "the bytes of a tensor; copy the file again");
            }
            if (count < 0 || Math.multiplyExact(count, type.bytes()) != bytes.remaining()) {
                throw corrupt("zip entry " + entry, bytes.remaining() + " bytes", count + " elements of " + type);
            }
            return new Storage(type, bytes, count);
        }
    }
}
