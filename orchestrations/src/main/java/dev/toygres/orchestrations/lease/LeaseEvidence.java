package dev.toygres.orchestrations.lease;

import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.lease.BootClock;
import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.LeaseStanding.Promise;
import dev.toygres.model.health.FencingOutlook;
import dev.toygres.model.health.FencingOutlook.Later;
import dev.toygres.model.health.FencingOutlook.Never;
import dev.toygres.model.health.FencingOutlook.Proven;
import dev.toygres.model.health.FencingProof.LeaseExpired;
import dev.toygres.model.health.Suspect;
import dev.toygres.model.lease.LeaseTimes;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.failover.FencingEvidence;
import dev.toygres.store.Catalogue;
import dev.toygres.store.LeaseStore;
import dev.toygres.store.MemberRow;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Proves that the lease of a primary that cannot be asked has run out (S2-S5). Two things can have
 * kept it alive: a server's grant, and the vouchers of <em>all</em> its electors. So what is needed
 * is that grants are withheld and the last one is over, and that one elector, the candidate, has
 * durably ceased to vouch and its last voucher is over. The candidate must be on every list that
 * the primary may be using: that is what the catalogue's electorate says.
 */
public final class LeaseEvidence implements FencingEvidence {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofMillis(100);

    private final Catalogue catalogue;
    private final Agents agents;
    private final LeaseKeeper keeper;
    private final BootClock boot;
    private final InstantSource clock;

    public LeaseEvidence(
            Catalogue catalogue,
            Agents agents,
            LeaseKeeper keeper,
            BootClock boot,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.agents = agents;
        this.keeper = keeper;
        this.boot = boot;
        this.clock = clock;
    }

    @Override
    public FencingOutlook of(Suspect suspect) {
        Optional<Topology> found =
                catalogue.jdbi().withHandle(one -> Topology.find(one, suspect.instanceId()));
        return found.map(topology -> of(suspect, topology))
                .orElseGet(() -> new Never("there is no instance " + suspect.instanceId()));
    }

    private FencingOutlook of(Suspect suspect, Topology topology) {
        var instance = topology.instance();
        if (!instance.incumbent().equals(Optional.of(suspect.memberId()))) {
            return new Never(
                    "%s may have been promoted and never confirmed it: it has no lease that could run out"
                            .formatted(suspect.memberId()));
        }
        if (instance.candidate().isEmpty()) {
            return instance.voting().electorate().isEmpty()
                    ? new Never(
                            "%s has no electors, so its lease never runs out"
                                    .formatted(suspect.memberId()))
                    : new Later(SOON, "no term is open yet");
        }
        return topology.replica(instance.candidate().get())
                .filter(one -> instance.voting().electorate().contains(one.id()))
                .map(candidate -> of(suspect, topology, candidate))
                .orElseGet(
                        () ->
                                new Never(
                                        "%s is not in the electorate, so %s can keep its lease without it"
                                                .formatted(
                                                        instance.candidate().get(),
                                                        suspect.memberId())));
    }

    private FencingOutlook of(Suspect suspect, Topology topology, MemberRow candidate) {
        var instance = topology.instance();
        boolean withheld =
                catalogue
                        .jdbi()
                        .withHandle(
                                one -> LeaseStore.withhold(one, instance.id(), instance.term()));
        if (!withheld) {
            return new Later(SOON, "the term has changed meanwhile");
        }
        long grants = keeper.overAt(instance.id(), instance.term(), instance.voting().ttlMs());
        Optional<Promise> promise = promise(candidate);
        long arrived = boot.now();
        if (promise.filter(one -> one.preparedFor() == instance.term()).isEmpty()) {
            return new Later(SOON, candidate.id() + " has not confirmed that it no longer vouches");
        }
        Duration out = Duration.ofMillis(promise.get().vouchersOutMs());
        long vouchers = arrived + LeaseTimes.surely(out).toNanos();
        long left = Math.max(grants, vouchers) - boot.now();
        return left > 0
                ? new Later(Duration.ofNanos(left), "the lease of " + suspect.memberId())
                : new Proven(
                        new LeaseExpired(
                                suspect.memberId(),
                                suspect.term(),
                                "no server has renewed it for longer than its %d ms, and %s no longer vouches"
                                        .formatted(instance.voting().ttlMs(), candidate.id()),
                                clock.instant()));
    }

    private Optional<Promise> promise(MemberRow candidate) {
        try {
            return agents
                    .of(candidate.hostId())
                    .lease(LeaseRound.FIRST, PATIENCE)
                    .promises()
                    .stream()
                    .filter(one -> one.memberId().value().equals(candidate.id()))
                    .findFirst();
        } catch (AgentUnreachable | AgentRefusal silent) {
            return Optional.empty();
        }
    }
}
