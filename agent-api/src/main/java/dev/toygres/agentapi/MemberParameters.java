package dev.toygres.agentapi;

import dev.toygres.model.parameter.ParameterDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The parameters of a running member, asked of itself.
 *
 * @param given what the last order gave it, as written in its settings file
 * @param drift what somebody set with ALTER SYSTEM, which wins over that file
 * @param returned why its last start was made with the settings before: with those given to it
 *     then, Postgres did not come up
 */
public record MemberParameters(
        List<Running> running,
        Map<String, String> given,
        List<Drift> drift,
        Optional<String> returned) {
    public MemberParameters {
        running = List.copyOf(running);
        given = Map.copyOf(given);
        drift = List.copyOf(drift);
    }

    /**
     * One parameter as a new session sees it.
     *
     * @param value in the definition's unit; empty when this session sees a value of its own
     * @param source as in {@code pg_settings.source}
     * @param pendingRestart what is written for it takes a restart to be in force
     */
    public record Running(
            ParameterDefinition definition,
            Optional<String> value,
            String source,
            boolean pendingRestart) {}

    /** Their values, of those that have one, by name. */
    public static Map<String, String> values(Stream<Running> some) {
        Map<String, String> values = new TreeMap<>();
        some.forEach(
                one -> one.value().ifPresent(value -> values.put(one.definition().name(), value)));
        return values;
    }

    /** A line of postgresql.auto.conf. */
    public record Drift(String name, String value) {}
}
