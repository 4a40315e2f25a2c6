package dev.toygres.model.parameter;

import dev.toygres.model.Size;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What is to become of the agreed set, kept so that it can be worked out anew when its time comes.
 *
 * @param values by name; an empty value resets
 * @param profile to be applied before these
 * @param whole instead of the set that there is, for a revert
 * @param undrift names whose ALTER SYSTEM is taken back on every member
 * @param size of the instance from then on, and of its members that had its size
 */
public record ParameterRequest(
        Map<String, Optional<String>> values,
        Optional<ProfileChoice> profile,
        Optional<ParameterSet> whole,
        List<String> undrift,
        Optional<Size> size) {
    /** Only another size. */
    public static ParameterRequest resize(Size size) {
        return new ParameterRequest(
                Map.of(), Optional.empty(), Optional.empty(), List.of(), Optional.of(size));
    }

    /** Only another set. */
    public static ParameterRequest whole(ParameterSet set) {
        return new ParameterRequest(
                Map.of(), Optional.empty(), Optional.of(set), List.of(), Optional.empty());
    }

    public ParameterRequest {
        values = Map.copyOf(values);
        undrift = List.copyOf(undrift);
    }

    /** The same, with other spellings of the names. */
    public ParameterRequest spelled(UnaryOperator<String> spelling) {
        return new ParameterRequest(
                spelled(values, spelling),
                profile,
                whole.map(set -> new ParameterSet(set.profile(), spelled(set.values(), spelling))),
                undrift.stream().map(spelling).toList(),
                size);
    }

    private static <V> Map<String, V> spelled(
            Map<String, V> values, UnaryOperator<String> spelling) {
        var all = new HashMap<String, V>();
        values.forEach((name, value) -> all.put(spelling.apply(name), value));
        return all;
    }

    /**
     * A profile starts over for the parameters that it has formulas for; others that were set stay.
     * Custom starts over for all.
     */
    public ParameterSet applyTo(ParameterSet before, Size size) {
        return whole.orElseGet(() -> withProfile(before, size)).with(values);
    }

    private ParameterSet withProfile(ParameterSet before, Size size) {
        if (profile.isEmpty()) {
            return before;
        }
        if (profile.get().profile() == Profile.Custom) {
            return new ParameterSet(profile, Map.of());
        }
        var kept = new HashMap<>(before.values());
        Profiles.settings(profile.get(), size).keySet().forEach(kept::remove);
        return new ParameterSet(profile, kept);
    }
}
