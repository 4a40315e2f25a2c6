package dev.toygres.durable.testing;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what was done to the world. */
public final class Effects {
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    public void happened(String name) {
        counts.merge(name, 1, Integer::sum);
    }

    public Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }
}
