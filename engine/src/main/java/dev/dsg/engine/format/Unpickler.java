package dev.dsg.engine.format;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Reads the part of Python's pickle format, protocols 2 to 5, that plain data needs. A pickle is a program for a machine
 * with a stack; this machine makes numbers, texts, tuples, lists and dictionaries, and whatever {@link Names} allows by
 * name. It knows no instruction that would make an object of any other class, so a pickle cannot run anything.
 *
 * <p>A value is {@code null}, {@link Boolean}, {@link Long}, {@link Double}, {@link String}, {@link Tuple}, a {@link List},
 * a {@link Map} with keys of type {@link String} or {@link Long}, or what {@link Names} returned.
 */
final class Unpickler {

    /** What a pickle may refer to by name, and call. Each method refuses the rest with an {@link EngineException}. */
    interface Names {
        /** What {@code module.name} stands for. */
        Object find(String module, String name);

        /** The result of calling {@code callable}, which {@link #find} returned. */
        Object call(Object callable, List<?> arguments);

        /** The object outside the pickle that {@code id} refers to. */
        Object outside(Object id);
    }

    /** A Python tuple. */
    record Tuple(List<Object> items) {}

    private static final int MAX_PROTOCOL = 5;
    private static final String DAMAGED = "a whole pickle; save the file again";

    private final ByteBuffer in;
    private final Names names;
    private final List<Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private Unpickler(ByteBuffer pickle, Names names) {
        this.in = pickle.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.names = names;
    }

    /** The one value of a pickle. */
    static Object load(ByteBuffer pickle, Names names) {
        Unpickler unpickler = new Unpickler(pickle, names);
        try {
            return unpickler.run();
        } catch (BufferUnderflowException
                | IndexOutOfBoundsException
                | NoSuchElementException
                | IllegalArgumentException
                | ClassCastException
                | ArithmeticException e) {
            throw unpickler.damaged(e.getClass().getSimpleName());
        }
    }

    private Object run() {
        for (int op = next(); op != '.'; op = next()) {
            step(op);
        }
        if (stack.size() != 1 || in.hasRemaining()) {
            throw damaged("values left over");
        }
        return pop();
    }

    private void step(int op) {
        switch (op) {
            case 0x80 -> protocol(next());
            case 0x95 -> in.getLong(); // the length of a frame
            case '(' -> marks.push(stack.size());
            case 'c' -> stack.add(names.find(line(), line()));
            case 0x93 -> global();
            case 'R' -> call();
            case 'b' -> attributes();
            case 'Q' -> stack.add(names.outside(pop()));
            case 'q' -> memo.put(next(), top());
            case 'r' -> memo.put(in.getInt(), top());
            case 0x94 -> memo.put(memo.size(), top());
            case 'h' -> stack.add(recall(next()));
            case 'j' -> stack.add(recall(in.getInt()));
            case 'a', 'e', 's', 'u' -> fill(op);
            default -> stack.add(value(op));
        }
    }

    private Object value(int op) {
        return switch (op) {
            case 'N' -> null;
            case 0x88 -> true;
            case 0x89 -> false;
            case 'J' -> (long) in.getInt();
            case 'K' -> (long) next();
            case 'M' -> (long) Short.toUnsignedInt(in.getShort());
            case 0x8a -> integer(next());
            case 'G' -> Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
            case 0x8c -> text(next());
            case 'X' -> text(Integer.toUnsignedLong(in.getInt()));
            case 0x8d -> text(in.getLong());
            case ')' -> new Tuple(List.of());
            case 0x85 -> new Tuple(pop(1));
            case 0x86 -> new Tuple(pop(2));
            case 0x87 -> new Tuple(pop(3));
            case 't' -> new Tuple(sinceMark());
            case ']' -> new ArrayList<>();
            case '}' -> new LinkedHashMap<>();
            default -> throw damaged(String.format("instruction 0x%02x", op));
        };
    }

    private void protocol(int version) {
        if (version < 2 || version > MAX_PROTOCOL) {
            throw damaged("protocol " + version);
        }
    }

    private void global() {
        String name = (String) pop();
        stack.add(names.find((String) pop(), name));
    }

    private void call() {
        if (!(pop() instanceof Tuple(List<Object> arguments))) {
            throw damaged("a call without arguments");
        }
        stack.add(names.call(pop(), arguments));
    }

    /** Sets attributes of an object. A dictionary may have some, such as a state dict's versions; nobody reads them. */
    private void attributes() {
        if (!(pop() instanceof Map && top() instanceof Map)) {
            throw damaged("attributes of what is no dictionary");
        }
    }

    /** Adds to a list or dictionary that lies below the values added. */
    @SuppressWarnings("unchecked") // lists and dictionaries are made here and by Names, of objects
    private void fill(int op) {
        List<Object> added =
                switch (op) {
                    case 'a' -> pop(1);
                    case 's' -> pop(2);
                    default -> sinceMark();
                };
        if (top() instanceof List<?> list && (op == 'a' || op == 'e')) {
            ((List<Object>) list).addAll(added);
        } else if (top() instanceof Map<?, ?> map && (op == 's' || op == 'u')) {
            putAll((Map<Object, Object>) map, added);
        } else {
            throw damaged("items of what is no list or dictionary");
        }
    }

    private void putAll(Map<Object, Object> map, List<Object> keysAndValues) {
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            Object key = keysAndValues.get(i);
            if (!(key instanceof String || key instanceof Long)) {
                throw damaged("a key that is neither text nor integer");
            }
            map.put(key, keysAndValues.get(i + 1));
        }
    }

    private Object recall(int index) {
        if (!memo.containsKey(index)) {
            throw damaged("a reference to nothing");
        }
        return memo.get(index);
    }

    private Object top() {
        return stack.getLast();
    }

    private Object pop() {
        return stack.removeLast();
    }

    private List<Object> pop(int count) {
        List<Object> tail = stack.subList(stack.size() - count, stack.size());
        List<Object> items = new ArrayList<>(tail);
        tail.clear();
        return items;
    }

    private List<Object> sinceMark() {
        return pop(stack.size() - marks.pop());
    }

    private int next() {
        return Byte.toUnsignedInt(in.get());
    }

    /** A two's complement little-endian integer. */
    private Object integer(int length) {
        byte[] bytes = bytes(length);
        for (int i = 0; i < length / 2; i++) {
            byte swapped = bytes[i];
            bytes[i] = bytes[length - 1 - i];
            bytes[length - 1 - i] = swapped;
        }
        return length == 0 ? 0L : new BigInteger(bytes).longValueExact();
    }

    private String text(long length) {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    private byte[] bytes(long length) {
        if (length < 0 || length > in.remaining()) {
            throw damaged("cut off");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private String line() {
        int from = in.position();
        while (next() != '\n') {
            // the line goes on
        }
        byte[] bytes = new byte[in.position() - 1 - from];
        in.get(from, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private EngineException damaged(String what) {
        return new EngineException(Kind.CORRUPT_FILE, "pickle at byte " + in.position(), what, DAMAGED);
    }
}
