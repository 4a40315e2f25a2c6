package dev.toygres.durable;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The flows that this process can run, by the names of their types. */
public final class Flows {
    private static final Flows NONE = new Flows(Map.of());
    private final Map<String, Registered<?, ?>> byName;

    private Flows(Map<String, Registered<?, ?>> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** A type and what runs it. */
    record Registered<I, O>(FlowType<I, O> type, Flow<I, O> flow) {}

    public static Flows none() {
        return NONE;
    }

    /** These and one more. */
    public <I, O> Flows with(FlowType<I, O> type, Flow<I, O> flow) {
        var more = new HashMap<>(byName);
        if (more.put(type.name(), new Registered<>(type, flow)) != null) {
            throw new IllegalArgumentException("two flows are called " + type.name());
        }
        return new Flows(more);
    }

    public Set<String> names() {
        return byName.keySet();
    }

    Optional<Registered<?, ?>> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
