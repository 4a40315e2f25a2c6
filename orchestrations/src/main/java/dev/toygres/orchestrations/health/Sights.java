package dev.toygres.orchestrations.health;

import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.HostStatus.Vitals;
import dev.toygres.model.Lsn;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.Successor.Candidate;
import dev.toygres.model.health.FencingOutlook;
import dev.toygres.model.health.PrimarySight;
import dev.toygres.model.health.Reference;
import dev.toygres.model.health.Situation;
import dev.toygres.model.health.Suspect;
import dev.toygres.model.health.Work;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.failover.FencingEvidence;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.store.HealthStore.Monitor;
import dev.toygres.store.MemberRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** From what the catalogue has and what was last seen to what a decision rests on. */
public final class Sights {
    private final Observations seen;
    private final FencingEvidence evidence;
    private final InstantSource clock;
    private final Map<String, Instant> amissSince = new ConcurrentHashMap<>();

    public Sights(Observations seen, FencingEvidence evidence, InstantSource clock) {
        this.seen = seen;
        this.evidence = evidence;
        this.clock = clock;
    }

    /** Only of an instance that has been placed. */
    Situation of(Topology topology, Monitor monitor, Work work, List<Instant> past) {
        PrimarySight primary =
                notLookedAt(topology).orElseGet(() -> primary(topology.placedPrimary()));
        return new Situation(
                monitor.config(),
                topology.instance().state(),
                primary,
                candidates(topology),
                work,
                past,
                monitor.pause(),
                outlook(topology, primary),
                clock.instant());
    }

    /**
     * A server that has just begun sees one host after the other: who would be a candidate in a
     * moment is none yet, and the primary would be started again for want of one.
     */
    private Optional<PrimarySight> notLookedAt(Topology topology) {
        return topology.replicas().stream()
                .map(MemberRow::hostId)
                .filter(host -> !seen.isLookedAt(host))
                .findFirst()
                .map(
                        host ->
                                new PrimarySight.Unchecked(
                                        "nobody has looked at host " + host + " yet"));
    }

    /** Asked only where nothing else can tell. */
    private FencingOutlook outlook(Topology topology, PrimarySight primary) {
        MemberRow member = topology.placedPrimary();
        return primary instanceof PrimarySight.Unreachable
                ? evidence.of(
                        new Suspect(
                                topology.instance().id(),
                                member.id(),
                                member.hostId(),
                                topology.instance().term()))
                : new FencingOutlook.Never("its agent answers: a stop can be confirmed");
    }

    PrimarySight primary(MemberRow member) {
        PrimarySight sight = look(member);
        boolean isAmiss =
                sight instanceof PrimarySight.Unfit
                        || (sight instanceof PrimarySight.Unreachable
                                && seen.reached(member.hostId()));
        if (!isAmiss) {
            amissSince.remove(member.id());
        }
        return sight;
    }

    private PrimarySight look(MemberRow member) {
        Optional<Duration> lost = seen.lostFor(member.hostId());
        if (lost.isPresent()) {
            return new PrimarySight.Unreachable(
                    lost.get(), "the host of the primary does not answer");
        }
        if (!seen.reached(member.hostId())) {
            return new PrimarySight.Unchecked("nobody has looked at it yet");
        }
        return seen.of(member)
                .filter(Sights::isKnown)
                .map(this::primary)
                .orElseGet(() -> forgotten(member));
    }

    private static boolean isKnown(MemberStatus status) {
        return !status.desired().isEmpty();
    }

    /**
     * A disk that was replaced, or a memory that cannot be read. Its Postgres may run all the same,
     * and nobody can stop it by order; as nobody renews its lease there, that proves its end.
     */
    private PrimarySight forgotten(MemberRow member) {
        return new PrimarySight.Unreachable(
                amiss(member.id()),
                "host %s does not know %s any more%s"
                        .formatted(
                                member.hostId(),
                                member.id(),
                                seen.of(member)
                                        .flatMap(MemberStatus::trouble)
                                        .map(words -> " (" + words + ")")
                                        .orElse("")));
    }

    private PrimarySight primary(MemberStatus status) {
        if (!status.desired().equals("Running") || status.vitals().isEmpty()) {
            return new PrimarySight.Stopped();
        }
        Vitals vitals = status.vitals().get();
        return switch (status.state()) {
            case Crashed ->
                    new PrimarySight.Dead(
                            Duration.ofMillis(vitals.downForMs()),
                            vitals.words().isEmpty() ? "no process of it is left" : vitals.words());
            case Running -> vitals.recovering() ? recovering(vitals) : answering(vitals);
            case Starting -> recovering(vitals);
            case Unknown -> vitals.downForMs() > 0 ? unfit(status) : onItsWay(status);
            case Creating, Stopped -> onItsWay(status);
        };
    }

    private static PrimarySight onItsWay(MemberStatus status) {
        return new PrimarySight.Unchecked("its agent calls it " + status.state());
    }

    private static PrimarySight recovering(Vitals vitals) {
        return new PrimarySight.Recovering(Duration.ofMillis(vitals.stalledMs()));
    }

    /**
     * For as long as this server has seen it so: one that comes back after hours, or gets through
     * to a host again, has yet to give the leases that ran out meanwhile.
     */
    private PrimarySight unfit(MemberStatus status) {
        return new PrimarySight.Unfit(
                amiss(status.memberId()), status.trouble().orElse("its agent does not say why"));
    }

    private Duration amiss(String memberId) {
        Instant now = clock.instant();
        return Duration.between(amissSince.computeIfAbsent(memberId, _ -> now), now);
    }

    private static PrimarySight answering(Vitals vitals) {
        return vitals.failuresInARow() == 0
                ? new PrimarySight.Well()
                : new PrimarySight.Failing(vitals.failuresInARow(), vitals.words());
    }

    /** R3.41: with the state that they had when the primary was last well. */
    List<Candidate> candidates(Topology topology) {
        MemberRow primary = topology.placedPrimary();
        Optional<Lsn> reference =
                Reference.of(
                        seen.lastSaid(primary),
                        topology.replicas().stream()
                                .flatMap(one -> seen.position(one).stream())
                                .toList());
        return topology.replicas().stream().map(one -> candidate(primary, one, reference)).toList();
    }

    private Candidate candidate(MemberRow primary, MemberRow replica, Optional<Lsn> reference) {
        return new Candidate(
                replica.id(),
                state(primary, replica),
                replica.promotable(),
                replica.priority(),
                seen.position(replica).flatMap(at -> reference.map(far -> far.bytesSince(at))));
    }

    private ReplicaState state(MemberRow primary, MemberRow replica) {
        return switch (replica.stage()) {
            case Provisioning -> ReplicaState.Provisioning;
            case Promoting -> ReplicaState.Promoting;
            case Removing -> ReplicaState.Removing;
            case Broken, Detached -> ReplicaState.Broken;
            case Retained -> ReplicaState.Stopped;
            case Ready -> observed(primary, replica);
        };
    }

    private ReplicaState observed(MemberRow primary, MemberRow replica) {
        ReplicaState state = seen.verdict(primary, replica).state();
        boolean runs =
                seen.of(replica).filter(one -> one.state() == State.Running).isPresent()
                        && seen.replication(replica).filter(one -> one.standby()).isPresent();
        return state == ReplicaState.Syncing && runs && seen.streamedToTheEnd(primary, replica)
                ? ReplicaState.Streaming
                : state;
    }
}
