package dev.dsg.platform.catalog;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The values that were asked for last, each made once. What a maker throws is passed on and not remembered.
 *
 * @param <K> what tells values apart, such as a digest
 * @param <V> what is costly to make, and may be shared by threads
 */
public final class Recent<K, V> {

    private final Map<K, V> values;

    /**
     * An empty collection.
     *
     * @param capacity how many values are kept; the one unused for longest goes first
     */
    public Recent(int capacity) {
        this.values = new LinkedHashMap<>(capacity, 1, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > capacity;
            }
        };
    }

    /** The value of a key, made now if it is not there; others wait meanwhile, so it is made once. */
    public synchronized V get(K key, Supplier<V> maker) {
        var value = values.get(key);
        if (value == null) {
            value = maker.get();
            values.put(key, value);
        }
        return value;
    }
}
