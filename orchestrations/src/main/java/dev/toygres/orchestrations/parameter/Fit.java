package dev.toygres.orchestrations.parameter;

import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.parameter.Combinations;
import dev.toygres.model.parameter.Combinations.Finding;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.Planner;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether the values of a change go together on each member (R6.5); only what it changes counts.
 */
final class Fit {
    private final Map<String, ParameterDefinition> definitions;
    private final Map<String, FieldFault> faults = new TreeMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    Fit(Map<String, ParameterDefinition> definitions) {
        this.definitions = definitions;
    }

    void on(Combinations.Member member, Map<String, String> old, Map<String, String> next) {
        Set<String> changed = Planner.differing(definitions, old, next);
        for (Finding finding : Combinations.of(definitions, next, member)) {
            List<String> names = finding.names().stream().filter(changed::contains).toList();
            if (names.isEmpty()) {
                continue;
            }
            if (finding.refuses()) {
                faults.putIfAbsent(
                        names.getFirst(),
                        new FieldFault(
                                "parameters." + names.getFirst(),
                                "is refused: " + finding.words()));
            } else {
                warnings.add(finding.words());
            }
        }
    }

    List<FieldFault> faults() {
        return List.copyOf(faults.values());
    }

    Set<String> warnings() {
        return new LinkedHashSet<>(warnings);
    }
}
