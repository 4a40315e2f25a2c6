package dev.toygres.orchestrations.lease;

import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.lease.BootClock;
import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.LeaseStanding.Promise;
import dev.toygres.agentapi.lease.Witness;
import dev.toygres.model.health.FencingOutlook;
import dev.toygres.model.health.FencingOutlook.Expiring;
import dev.toygres.model.health.FencingOutlook.Gated;
import dev.toygres.model.health.FencingOutlook.Heard;
import dev.toygres.model.health.FencingOutlook.Later;
import dev.toygres.model.health.FencingOutlook.Never;
import dev.toygres.model.health.FencingOutlook.Proven;
import dev.toygres.model.health.FencingProof.LeaseExpired;
import dev.toygres.model.health.Suspect;
import dev.toygres.model.lease.LeaseTimes;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.failover.FencingEvidence;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Proves that the lease of a primary that cannot be asked has run out (S2-S5). Two things can have
 * kept it alive: a server's grant, and the vouchers of <em>all</em> its electors. So what is needed
 * is that grants are withheld and the last one is over, and that one elector, the candidate, has
 * durably ceased to vouch and its last voucher is over. The candidate must be on every list that
 * the primary may be using: that is what the catalogue's electorate says.
 *
 * <p>While no term is open it says whether that can be had, after it has asked the replicas whether
 * they hear the primary (S6).
 */
public final class LeaseEvidence implements FencingEvidence {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofMillis(100);

    /** A postmaster that lives answers at once, on a busy machine a little later. */
    private static final Duration HEARING = Duration.ofMillis(500);

    private final Catalogue catalogue;
    private final Agents agents;
    private final LeaseKeeper keeper;
    private final Observations seen;
    private final BootClock boot;
    private final InstantSource clock;

    public LeaseEvidence(
            Catalogue catalogue,
            Agents agents,
            LeaseKeeper keeper,
            Observations seen,
            BootClock boot,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.agents = agents;
        this.keeper = keeper;
        this.seen = seen;
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
        InstanceRow instance = topology.instance();
        if (!instance.incumbent().equals(Optional.of(suspect.memberId()))) {
            return new Never(
                    "%s may have been promoted and never confirmed it: it has no lease that could run out"
                            .formatted(suspect.memberId()));
        }
        return instance.candidate()
                .map(candidate -> proof(suspect, topology, candidate))
                .orElseGet(() -> outlook(suspect, topology));
    }

    // ---- before a term is open ----

    private FencingOutlook outlook(Suspect suspect, Topology topology) {
        InstanceRow instance = topology.instance();
        if (instance.voting().electorate().isEmpty()) {
            return new Never(
                    "%s has no electors, so it needs no lease that could run out"
                            .formatted(suspect.memberId()));
        }
        List<String> electors =
                topology.replicas().stream()
                        .filter(one -> instance.voting().electorate().contains(one.id()))
                        .filter(seen::isReached)
                        .map(MemberRow::id)
                        .toList();
        return electors.isEmpty()
                ? new Never("none of its electors answers")
                : heard(topology)
                        .<FencingOutlook>map(Heard::new)
                        .orElseGet(() -> expiring(suspect, electors, silent(topology)));
    }

    private static FencingOutlook expiring(
            Suspect suspect, List<String> electors, List<String> silent) {
        return silent.isEmpty()
                ? new Expiring(
                        electors,
                        "no replica hears %s, and its lease is not renewed"
                                .formatted(suspect.memberId()))
                : new Gated(
                        electors,
                        "commits may have waited for %s alone, which do not answer either"
                                .formatted(silent));
    }

    /** S7: who may have acknowledged a commit that nobody else has. */
    private List<String> silent(Topology topology) {
        List<String> lists =
                catalogue
                        .jdbi()
                        .withHandle(one -> InstanceStore.syncLists(one, topology.instance().id()));
        return lists.stream()
                .filter(id -> topology.replica(id).filter(seen::isReached).isEmpty())
                .filter(id -> !topology.instance().incumbent().equals(Optional.of(id)))
                .toList();
    }

    /** S6: what counts is an answer to a question that was put after the suspicion arose. */
    private Optional<String> heard(Topology topology) {
        List<Future<Optional<String>>> asked;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            asked =
                    topology.replicas().stream()
                            .filter(seen::isReached)
                            .map(one -> threads.submit(() -> heard(one)))
                            .toList();
        }
        return asked.stream().map(Future::resultNow).flatMap(Optional::stream).findFirst();
    }

    private Optional<String> heard(MemberRow replica) {
        try {
            Witness witness = agents.of(replica.hostId()).witness(replica.id(), HEARING);
            return witness.heard()
                    ? Optional.of("%s hears it (%s)".formatted(replica.id(), witness.words()))
                    : Optional.empty();
        } catch (AgentUnreachable | AgentRefusal silent) {
            return Optional.empty();
        }
    }

    // ---- while a term is open ----

    private FencingOutlook proof(Suspect suspect, Topology topology, String candidate) {
        return topology.replica(candidate)
                .filter(one -> topology.instance().voting().electorate().contains(one.id()))
                .map(one -> proof(suspect, topology.instance(), one))
                .orElseGet(
                        () ->
                                new Never(
                                        "%s is not in the electorate, so %s can keep its lease without it"
                                                .formatted(candidate, suspect.memberId())));
    }

    private FencingOutlook proof(Suspect suspect, InstanceRow instance, MemberRow candidate) {
        long ttl = instance.voting().ttlMs();
        Optional<Long> grants = keeper.withhold(instance.id(), instance.term(), ttl);
        if (grants.isEmpty()) {
            return new Later(SOON, "the term has changed meanwhile");
        }
        Optional<Promise> promise = promise(candidate);
        long arrived = boot.now();
        if (promise.filter(one -> one.preparedFor() == instance.term()).isEmpty()) {
            return new Later(SOON, candidate.id() + " has not confirmed that it no longer vouches");
        }
        Duration out = Duration.ofMillis(promise.get().vouchersOutMs());
        long vouchers = out.isZero() ? arrived : arrived + LeaseTimes.surely(out).toNanos();
        long left = Math.max(grants.get(), vouchers) - boot.now();
        return left > 0
                ? new Later(Duration.ofNanos(left), "the lease of " + suspect.memberId())
                : new Proven(
                        new LeaseExpired(
                                suspect.memberId(),
                                suspect.term(),
                                "no server has renewed it for longer than its %d ms, and %s no longer vouches"
                                        .formatted(ttl, candidate.id()),
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
