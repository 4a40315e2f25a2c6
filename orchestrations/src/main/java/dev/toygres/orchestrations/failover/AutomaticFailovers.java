package dev.toygres.orchestrations.failover;

import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceState;
import dev.toygres.model.OldPrimaryAction;
import dev.toygres.model.health.Decision;
import dev.toygres.model.health.PrimarySight;
import dev.toygres.model.health.Situation;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Topology;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HealthStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Begins the failovers that nobody asked for (R3.20-R3.24). */
public final class AutomaticFailovers {
    private final Catalogue catalogue;
    private final Lanes lanes;

    public AutomaticFailovers(Catalogue catalogue, Lanes lanes) {
        this.catalogue = catalogue;
        this.lanes = lanes;
    }

    /**
     * By compare-and-set: only by the server that watches the instance, and only if the catalogue
     * is still what the decision rested on. Answers the operation; empty: it is not.
     */
    public Optional<String> begin(
            String server, Topology decidedOn, Situation now, Decision.FailOver decision) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> begin(handle, server, decidedOn.instance(), now, decision));
    }

    private Optional<String> begin(
            Handle handle,
            String server,
            InstanceRow decidedOn,
            Situation now,
            Decision.FailOver decision) {
        InstanceRow row = InstanceStore.lock(handle, decidedOn.id());
        boolean stillSo =
                row.state() == InstanceState.Running
                        && row.term() == decidedOn.term()
                        && row.incumbent().equals(decidedOn.incumbent());
        if (!stillSo || !HealthStore.owns(handle, server, row.id())) {
            return Optional.empty();
        }
        lanes.refuseWhileBusy(row.id());
        InstanceStore.move(handle, row.id(), InstanceEvent.failoverRequested);
        return Optional.of(
                lanes.start(handle, FailoverFlows.AUTOMATIC, row.id(), input(row, now, decision)));
    }

    private static FailoverInput input(InstanceRow row, Situation now, Decision.FailOver decision) {
        return new FailoverInput(
                row.id(),
                decision.candidate(),
                false,
                0,
                0,
                OldPrimaryAction.ConvertToReplica,
                Optional.of(
                        new Emergency(
                                "automatic",
                                decision.why(),
                                decision.confirmStop(),
                                decision.confirmStop() ? "" : decision.why(),
                                decision.lossAllowed(),
                                since(now))));
    }

    /** As far as is known: checks fail from their interval on. */
    private static Instant since(Situation now) {
        Duration ago =
                switch (now.primary()) {
                    case PrimarySight.Dead(var since, _) -> since;
                    case PrimarySight.Failing(var checks, _) ->
                            now.config().checkInterval().multipliedBy(checks);
                    case PrimarySight.Unreachable(var since) -> since;
                    case PrimarySight.Well _,
                            PrimarySight.Unchecked _,
                            PrimarySight.Recovering _,
                            PrimarySight.Stopped _ ->
                            Duration.ZERO;
                };
        return now.now().minus(ago);
    }
}
