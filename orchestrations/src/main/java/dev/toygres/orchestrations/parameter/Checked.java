package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.MemberParameters;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.parameter.ParameterCheck;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.ParameterRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A request held against what Postgres says of its parameters, with the libraries that there will
 * be (R5.26, R5.27).
 *
 * @param request with its values in Postgres's own spelling
 * @param faults every one of it
 */
record Checked(
        Map<String, ParameterDefinition> definitions,
        ParameterRequest request,
        List<FieldFault> faults) {

    /**
     * @param running what a member of the instance says; empty: none can be asked
     */
    static Checked of(
            Sources sources,
            String hostId,
            int major,
            Optional<MemberParameters> running,
            ParameterRequest wish) {
        List<FieldFault> faults = new ArrayList<>(twice(wish));
        Map<String, ParameterDefinition> definitions =
                definitions(sources, hostId, major, running, wish, faults);
        ParameterRequest spelled = wish.spelled(name -> ParameterCheck.spelled(name, definitions));
        ParameterCheck.Result checked = ParameterCheck.of(all(spelled), definitions);
        faults.addAll(checked.faults());
        return new Checked(definitions, canonical(spelled, checked), faults);
    }

    /** One name in two spellings: which of the values is meant, nobody knows. */
    private static List<FieldFault> twice(ParameterRequest wish) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        return wish.values().keySet().stream()
                .sorted()
                .filter(name -> !names.add(name))
                .map(name -> new FieldFault("parameters." + name, "is given in two spellings"))
                .toList();
    }

    private static Map<String, ParameterDefinition> definitions(
            Sources sources,
            String hostId,
            int major,
            Optional<MemberParameters> running,
            ParameterRequest wish,
            List<FieldFault> faults) {
        Optional<String> libraries =
                Optional.ofNullable(all(wish).get(Sources.LIBRARIES)).flatMap(value -> value);
        Map<String, ParameterDefinition> definitions = new HashMap<>();
        if (libraries.isPresent() || running.isEmpty()) {
            definitions.putAll(sources.loading(hostId, major, libraries.orElse(""), faults));
        }
        running.ifPresent(
                member ->
                        definitions.putAll(
                                Sources.byName(
                                        member.running().stream()
                                                .map(MemberParameters.Running::definition)
                                                .toList())));
        return definitions;
    }

    private static Map<String, Optional<String>> all(ParameterRequest wish) {
        Map<String, Optional<String>> all = new TreeMap<>();
        wish.whole()
                .ifPresent(
                        set ->
                                set.values()
                                        .forEach(
                                                (name, value) ->
                                                        all.put(name, Optional.of(value))));
        all.putAll(wish.values());
        return all;
    }

    private static ParameterRequest canonical(
            ParameterRequest wish, ParameterCheck.Result checked) {
        Map<String, Optional<String>> values = new HashMap<>();
        wish.values().keySet().stream()
                .filter(checked.values()::containsKey)
                .forEach(
                        name ->
                                values.put(
                                        name,
                                        checked.values().getOrDefault(name, Optional.empty())));
        return new ParameterRequest(
                values, wish.profile(), wish.whole(), wish.undrift(), wish.size());
    }
}
