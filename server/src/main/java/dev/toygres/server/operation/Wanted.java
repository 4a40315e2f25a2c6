package dev.toygres.server.operation;

import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.durable.Operations;
import dev.toygres.orchestrations.Housekeeping;
import dev.toygres.server.edge.Paging;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which operations somebody wants to see.
 *
 * @param internal whether also those that nobody asked for; one that waits for somebody is always
 *     shown
 */
record Wanted(
        Operations operations,
        Optional<String> instanceId,
        Optional<String> type,
        Optional<OperationState> state,
        boolean internal) {
    private static final int LOOK = 500;

    List<Operation> list(Paging paging) {
        if (internal) {
            return operations.list(instanceId, type, state, paging.fetch(), paging.after());
        }
        List<Operation> found = new ArrayList<>();
        Optional<String> after = paging.after();
        do {
            List<Operation> page = operations.list(instanceId, type, state, LOOK, after);
            page.stream().filter(Wanted::isForUsers).forEach(found::add);
            after = page.size() < LOOK ? Optional.empty() : Optional.of(page.getLast().id());
        } while (after.isPresent() && found.size() < paging.fetch());
        return found.subList(0, Math.min(found.size(), paging.fetch()));
    }

    private static boolean isForUsers(Operation operation) {
        return !Housekeeping.is(operation.type())
                || operation.state() == OperationState.NeedsDecision;
    }
}
