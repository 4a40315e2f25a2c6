package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.MemberParameters;
import dev.toygres.agentapi.MemberParameters.Running;
import dev.toygres.model.InstanceState;
import dev.toygres.model.parameter.ChangeState;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Topology;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.ParameterChangeRow;
import dev.toygres.store.ParameterStore;
import dev.toygres.store.ParameterStore.Agreed;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Changes that wait for the primary's next restart (R5.22, R5.38), whatever brings that about: they
 * are in force afterwards, or taken back by its agent because Postgres did not come up with them.
 * Then they are not agreed any more either.
 */
public final class PendingChanges {
    private final Catalogue catalogue;
    private final Lanes lanes;
    private final Agents agents;
    private final InstantSource clock;

    public PendingChanges(Catalogue catalogue, Lanes lanes, Agents agents, InstantSource clock) {
        this.catalogue = catalogue;
        this.lanes = lanes;
        this.agents = agents;
        this.clock = clock;
    }

    /** What becomes of them. */
    private sealed interface Fate {
        record Waiting() implements Fate {}

        record InForce() implements Fate {}

        /** In the words of Postgres. */
        record Refused(String words) implements Fate {}
    }

    /** In the transaction that agrees on a set: what that takes back, and what it restarts for. */
    static void settle(Handle handle, String id, String changeId, ParameterSet next, Course made) {
        for (ParameterChangeRow one : ParameterStore.pending(handle, id)) {
            if (next.equals(without(next, List.of(one)))) {
                ParameterStore.settle(
                        handle,
                        one.id(),
                        ChangeState.Cancelled,
                        Optional.of(
                                "%s took it back before the primary restarted"
                                        .formatted(changeId)));
            } else if (made.restartsPrimary()) {
                ParameterStore.settle(handle, one.id(), ChangeState.Applied, Optional.empty());
            }
        }
    }

    /** Asks the primary, if there are any, and nobody is at work on it. */
    public void settle(Topology topology) {
        String id = topology.instance().id();
        Agreed agreed = catalogue.jdbi().withHandle(handle -> ParameterStore.agreed(handle, id));
        if (!agreed.waits() || topology.instance().state() != InstanceState.Running) {
            return;
        }
        Fate fate = fate(topology, agreed);
        if (fate instanceof Fate.Waiting) {
            return;
        }
        catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            InstanceStore.lock(handle, id);
                            boolean asAsked = ParameterStore.agreed(handle, id).equals(agreed);
                            if (asAsked && lanes.holder(id).isEmpty()) {
                                settle(handle, id, agreed.set(), fate);
                            }
                        });
    }

    /** A primary that has not been given them yet waits with them, too: one of a failover. */
    private Fate fate(Topology topology, Agreed agreed) {
        Optional<MemberParameters> asked = new Sources(agents).running(topology.placedPrimary());
        if (asked.isEmpty()) {
            return new Fate.Waiting();
        }
        MemberParameters primary = asked.get();
        if (primary.returned().isPresent()) {
            return new Fate.Refused(primary.returned().get());
        }
        boolean given =
                primary.given()
                        .equals(Settings.of(topology.instance(), topology.placedPrimary(), agreed));
        return given && primary.running().stream().noneMatch(Running::pendingRestart)
                ? new Fate.InForce()
                : new Fate.Waiting();
    }

    private void settle(Handle handle, String id, ParameterSet agreed, Fate fate) {
        List<ParameterChangeRow> pending = ParameterStore.pending(handle, id);
        switch (fate) {
            case Fate.Waiting() -> {}
            case Fate.InForce() -> end(handle, pending, ChangeState.Applied, Optional.empty());
            case Fate.Refused(var words) -> {
                end(handle, pending, ChangeState.Failed, Optional.of(words));
                ParameterStore.agree(handle, id, without(agreed, pending), clock.instant());
            }
        }
    }

    private static void end(
            Handle handle,
            List<ParameterChangeRow> pending,
            ChangeState state,
            Optional<String> words) {
        pending.forEach(one -> ParameterStore.settle(handle, one.id(), state, words));
    }

    /** What others have agreed on since stays. */
    private static ParameterSet without(ParameterSet agreed, List<ParameterChangeRow> pending) {
        ParameterSet set = agreed;
        for (ParameterChangeRow change : pending.reversed()) {
            set = set.takingBack(change.before().orElseThrow(), change.after().orElseThrow());
        }
        return set;
    }
}
