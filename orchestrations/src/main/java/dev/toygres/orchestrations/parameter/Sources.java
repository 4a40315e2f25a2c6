package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.MemberParameters;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.orchestrations.Agents;
import dev.toygres.store.MemberRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Where definitions come from: the running primary itself, else a scratch server of its major. */
public record Sources(Agents agents) {
    static final String LIBRARIES = "shared_preload_libraries";

    /** By name. */
    static Map<String, ParameterDefinition> byName(List<ParameterDefinition> all) {
        return all.stream()
                .collect(
                        Collectors.toMap(
                                ParameterDefinition::name,
                                Function.identity(),
                                (one, _) -> one,
                                LinkedHashMap::new));
    }

    /** What the member says of itself; empty when it cannot be asked. */
    Optional<MemberParameters> running(MemberRow member) {
        try {
            return Optional.of(agents.of(member.hostId()).parameters(member.id()));
        } catch (AgentUnreachable | AgentRefusal away) {
            return Optional.empty();
        }
    }

    /**
     * Of a major on that host.
     *
     * @throws Refused when the host cannot be asked, or no server starts with these libraries
     */
    Map<String, ParameterDefinition> of(String hostId, int major, String libraries) {
        List<FieldFault> faults = new ArrayList<>();
        Map<String, ParameterDefinition> definitions = loading(hostId, major, libraries, faults);
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        return definitions;
    }

    /**
     * The same; without the libraries where no server starts with them.
     *
     * @throws Refused when the host cannot be asked
     */
    Map<String, ParameterDefinition> with(String hostId, int major, String libraries) {
        return loading(hostId, major, libraries, new ArrayList<>());
    }

    /**
     * The same, with a fault where no server starts with these libraries: those of the major alone.
     *
     * @throws Refused when the host cannot be asked
     */
    Map<String, ParameterDefinition> loading(
            String hostId, int major, String libraries, List<FieldFault> faults) {
        try {
            return byName(agents.of(hostId).definitions(major, libraries));
        } catch (AgentRefusal refusal) {
            faults.add(
                    new FieldFault(
                            "parameters." + LIBRARIES,
                            "no server starts with '%s': %s"
                                    .formatted(libraries, refusal.getMessage())));
            return libraries.isEmpty() ? Map.of() : loading(hostId, major, "", faults);
        } catch (AgentUnreachable away) {
            throw Refused.conflict(
                    "host-unreachable",
                    "%s cannot be asked for the parameters of its Postgres: %s"
                            .formatted(hostId, away.getMessage()));
        }
    }
}
