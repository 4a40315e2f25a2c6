package dev.toygres.model.parameter;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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

    /**
     * With what lies between those two as it was before, whoever has changed other things since.
     */
    public ParameterSet takingBack(ParameterSet before, ParameterSet after) {
        Set<String> names = new TreeSet<>(before.values.keySet());
        names.addAll(after.values.keySet());
        Map<String, Optional<String>> former = new TreeMap<>();
        for (String name : names) {
            Optional<String> was = Optional.ofNullable(before.values.get(name));
            if (!was.equals(Optional.ofNullable(after.values.get(name)))) {
                former.put(name, was);
            }
        }
        boolean sameProfile = before.profile.equals(after.profile);
        return new ParameterSet(sameProfile ? profile : before.profile, values).with(former);
    }

    public ParameterSet with(ProfileChoice choice) {
        return new ParameterSet(Optional.of(choice), values);
    }
}
