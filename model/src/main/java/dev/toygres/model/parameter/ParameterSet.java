package dev.toygres.model.parameter;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an instance and its user have agreed on.
 *
 * @param values by name, as people write them; they win over profile and size
 */
public record ParameterSet(Optional<ProfileChoice> profile, Map<String, String> values) {
    public static final ParameterSet NONE = new ParameterSet(Optional.empty(), Map.of());

    public ParameterSet {
        values = Map.copyOf(values);
    }

    /** With these set; an empty value takes one back to its default. */
    public ParameterSet with(Map<String, Optional<String>> changes) {
        var next = new TreeMap<>(values);
        changes.forEach(
                (name, value) ->
                        value.ifPresentOrElse(one -> next.put(name, one), () -> next.remove(name)));
        return new ParameterSet(profile, next);
    }

    public ParameterSet with(ProfileChoice choice) {
        return new ParameterSet(Optional.of(choice), values);
    }
}
