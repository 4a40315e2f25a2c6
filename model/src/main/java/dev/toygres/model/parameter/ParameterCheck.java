package dev.toygres.model.parameter;

import dev.toygres.model.Refused.FieldFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Checks a wish for parameters whole, by the definitions of the instance's own major (R5.26). */
public final class ParameterCheck {
    private static final int NEAR = 3;

    private ParameterCheck() {}

    /**
     * @param values as people write them, in Postgres's own spelling; empty: back to the default
     * @param faults every one of them, named after the parameter
     */
    public record Result(Map<String, Optional<String>> values, List<FieldFault> faults) {
        public Result {
            values = Map.copyOf(values);
            faults = List.copyOf(faults);
        }
    }

    /**
     * @param wish by name; an empty value resets
     */
    public static Result of(
            Map<String, Optional<String>> wish, Map<String, ParameterDefinition> definitions) {
        var values = new TreeMap<String, Optional<String>>();
        List<FieldFault> faults = new ArrayList<>();
        new TreeMap<>(wish)
                .forEach(
                        (name, value) ->
                                check(name, value, definitions)
                                        .ifPresentOrElse(
                                                words ->
                                                        faults.add(
                                                                new FieldFault(
                                                                        "parameters." + name,
                                                                        words)),
                                                () ->
                                                        values.put(
                                                                name,
                                                                value.map(
                                                                        text ->
                                                                                canonical(
                                                                                        text,
                                                                                        definitions
                                                                                                .get(
                                                                                                        name))))));
        return new Result(values, faults);
    }

    /** Postgres's own spelling of a name, which it reads in any case: DateStyle. */
    public static String spelled(String name, Map<String, ParameterDefinition> definitions) {
        return definitions.containsKey(name)
                ? name
                : definitions.keySet().stream()
                        .filter(name::equalsIgnoreCase)
                        .findFirst()
                        .orElse(name);
    }

    private static Optional<String> check(
            String name, Optional<String> value, Map<String, ParameterDefinition> definitions) {
        ParameterDefinition definition = definitions.get(name);
        if (definition == null) {
            return Optional.of("is no parameter of this Postgres" + hint(name, definitions));
        }
        Optional<String> owned = OwnedParameters.reason(name);
        if (owned.isPresent()) {
            return Optional.of("is toygres's own to set: " + owned.get());
        }
        if (definition.category() == ParameterCategory.Immutable) {
            return Optional.of("cannot be changed: it was fixed when the data was made");
        }
        return value.flatMap(
                text ->
                        definition.read(text)
                                        instanceof ParameterDefinition.Reading.Fault(var words)
                                ? Optional.of("is wrong: " + words)
                                : Optional.empty());
    }

    /** The spelling in which it is kept and shown. */
    public static String canonical(
            String text, @org.jspecify.annotations.Nullable ParameterDefinition definition) {
        return definition != null
                        && definition.read(text)
                                instanceof ParameterDefinition.Reading.Value(var base)
                ? definition.shown(base)
                : text;
    }

    private static String hint(String name, Map<String, ParameterDefinition> definitions) {
        if (name.contains(".")) {
            return ": the extension that has it is not loaded by shared_preload_libraries";
        }
        return definitions.keySet().stream()
                .filter(known -> distance(name, known) <= NEAR)
                .min(java.util.Comparator.comparingInt(known -> distance(name, known)))
                .map(known -> "; did you mean " + known + "?")
                .orElse("; toygres params list shows all");
    }

    /** Edits from one to the other, as Levenshtein counts them. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
