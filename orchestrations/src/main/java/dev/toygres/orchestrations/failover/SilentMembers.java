package dev.toygres.orchestrations.failover;

import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.durable.Operations;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A failover that needs somebody's word because members were silent asks all of them again once one
 * of these is back (S7, D7): what was in doubt may be certain by now. Each return counts once, so
 * that one who is there and does not obey keeps nobody busy.
 */
public final class SilentMembers {
    private static final Logger LOG = LoggerFactory.getLogger(SilentMembers.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** In the question of whoever waits for members: their names. */
    private static final String FIELD = "silent";

    private final Operations operations;
    private final Observations seen;
    private final Map<String, Absence> byInstance = new ConcurrentHashMap<>();

    private record Absence(String operation, Set<String> members) {}

    public SilentMembers(Operations operations, Observations seen) {
        this.operations = operations;
        this.seen = seen;
    }

    /** Looks whether somebody is back for whom that operation waits, if it does. */
    public void look(Topology topology, String operation) {
        operations
                .find(operation)
                .filter(one -> one.state() == OperationState.NeedsDecision)
                .flatMap(Operation::question)
                .map(SilentMembers::silent)
                .filter(silent -> isSomebodyBack(topology, operation, silent))
                .ifPresent(_ -> askAgain(operation));
    }

    private static List<String> silent(String question) {
        return JSON.readTree(question).path(FIELD).values().stream()
                .map(JsonNode::asString)
                .toList();
    }

    private boolean isSomebodyBack(Topology topology, String operation, List<String> silent) {
        Set<String> missing =
                byInstance
                        .compute(
                                topology.instance().id(),
                                (_, known) ->
                                        known != null && known.operation().equals(operation)
                                                ? known
                                                : new Absence(operation, new HashSet<>(silent)))
                        .members();
        boolean isBack = false;
        for (String id : silent) {
            boolean reached =
                    topology.members().anyMatch(one -> one.id().equals(id) && seen.isReached(one));
            if (!reached) {
                missing.add(id);
            } else if (missing.remove(id)) {
                isBack = true;
            }
        }
        return isBack;
    }

    private void askAgain(String operation) {
        LOG.info("{}: a member that was silent is back, and is asked", operation);
        var _ = operations.decide(operation, Map.of("action", "retry"));
    }
}
