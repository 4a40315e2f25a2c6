package dev.toygres.orchestrations.health;

import dev.toygres.model.Successor.Candidate;
import dev.toygres.model.health.Situation;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a decision rested on, small enough to be kept. */
final class Evidence {
    private Evidence() {}

    static Map<String, Object> of(Situation now) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("state", now.state().name());
        facts.put("primary", now.primary().toString());
        facts.put("work", now.work().toString());
        facts.put("failovers", now.past().stream().limit(5).map(String::valueOf).toList());
        facts.put("candidates", now.candidates().stream().map(Evidence::of).toList());
        return facts;
    }

    private static String of(Candidate one) {
        return "%s %s, %s bytes behind%s"
                .formatted(
                        one.id(),
                        one.state(),
                        one.lagBytes().map(String::valueOf).orElse("unknown"),
                        one.fault().map(fault -> ": " + fault).orElse(""));
    }
}
