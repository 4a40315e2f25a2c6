package dev.toygres.orchestrations.failover;

import dev.toygres.agentapi.Agent.WalPiece;
import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Parted;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.model.Lsn;
import dev.toygres.model.MemberId;
import dev.toygres.model.health.Election;
import dev.toygres.model.health.FencingOutlook;
import dev.toygres.model.health.FencingProof;
import dev.toygres.model.health.Reference;
import dev.toygres.model.health.Suspect;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.failover.Cast.Part;
import dev.toygres.orchestrations.failover.Seized.Reported;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.instance.Upstreams;
import dev.toygres.orchestrations.lease.LeaseSteps;
import dev.toygres.store.Catalogue;
import dev.toygres.store.FailoverStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failover does instead of asking the primary to come away: it is dead, or as good as. */
public final class EmergencySteps {
    private static final Logger LOG = LoggerFactory.getLogger(EmergencySteps.class);

    /** Base64 makes four thirds of it, and an order has at most a megabyte. */
    private static final int PIECE = 512 << 10;

    private static final Duration VOTE = Duration.ofMillis(1_500);

    private static final int CHANCES = 5;

    /** Longer than the longest lease with all that is added to it. */
    static final Duration EXPIRY = Duration.ofSeconds(90);

    /** Somebody may be asleep. */
    private static final Duration THOUGHT = Duration.ofDays(1);

    private static final Duration REPLAY = Duration.ofSeconds(30);

    private final Catalogue catalogue;
    private final Orders orders;
    private final Agents agents;
    private final Endpoints endpoints;
    private final Upstreams upstreams;
    private final FencingEvidence evidence;
    private final LeaseSteps leases;
    private final Observations seen;
    private final InstantSource clock;

    public EmergencySteps(
            Catalogue catalogue,
            Orders orders,
            Agents agents,
            Endpoints endpoints,
            Upstreams upstreams,
            FencingEvidence evidence,
            LeaseSteps leases,
            Observations seen,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.agents = agents;
        this.endpoints = endpoints;
        this.upstreams = upstreams;
        this.evidence = evidence;
        this.leases = leases;
        this.seen = seen;
        this.clock = clock;
    }

    /**
     * All at once, because clients wait: the way to the old primary is cut (S13), it is fenced for
     * certain (S5), and every replica stops listening and says what it has (S7). Only the second
     * must succeed; who does not answer has no vote.
     */
    Seized seize(Attempt attempt, Cast cast, Emergency emergency) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<Boolean>> held = threads.submit(() -> Optional.of(hold(attempt, cast)));
            List<Future<Optional<Reported>>> parted =
                    cast.replicas()
                            .map(one -> threads.submit(() -> part(attempt, cast, one)))
                            .toList();
            Future<FencingProof> proof =
                    threads.submit((Callable<FencingProof>) () -> fence(attempt, cast));
            // One that was reached a moment ago gets some more chances: its disk has the last word.
            boolean insist = emergency.confirmStop() && attempt.number() <= CHANCES;
            Optional<FencingProof> confirmed = insist ? Optional.of(get(proof)) : Optional.empty();
            List<Reported> said =
                    parted.stream().map(EmergencySteps::soon).flatMap(Optional::stream).toList();
            Optional<FencingProof> known = confirmed.or(() -> ifDone(proof));
            boolean cut = soon(held).orElse(false);
            threads.shutdownNow();
            boolean byLease = known.isEmpty() && !emergency.byWord();
            return new Seized(
                    known.map(FencingProof::words).orElse(byLease ? "" : emergency.proof()),
                    known.filter(FencingProof.ConfirmedStop.class::isInstance).isPresent(),
                    cut,
                    said,
                    byLease
                            ? prepare(attempt, cast, said)
                            : said.stream().map(Reported::id).toList());
        }
    }

    /** S4: without these no lease is known to end, and nobody else is promoted on that. */
    private List<String> prepare(Attempt attempt, Cast cast, List<Reported> said) {
        List<String> electorate = topology(cast).instance().voting().electorate();
        List<String> prepared =
                cast.replicas()
                        .filter(one -> electorate.contains(one.id()))
                        .filter(one -> said.stream().anyMatch(had -> had.id().equals(one.id())))
                        .filter(one -> prepare(attempt, cast, one, LeaseSteps.PREPARED))
                        .map(Part::id)
                        .toList();
        if (prepared.isEmpty()) {
            throw new IllegalStateException(
                    "no stop is confirmed, and no elector of %s has ceased to vouch for it"
                            .formatted(cast.oldPrimary().id()));
        }
        return prepared;
    }

    /**
     * S4: whoever may take over waits for as long as somebody thinks about it. Without that it
     * would vouch for the old primary again, and could not be chosen any more.
     */
    void stayPrepared(Attempt attempt, Cast cast, Seized seized) {
        cast.replicas()
                .filter(one -> seized.mayPromote(one.id()))
                .forEach(one -> prepare(attempt, cast, one, THOUGHT));
    }

    private boolean prepare(Attempt attempt, Cast cast, Part elector, Duration lasting) {
        try {
            leases.prepare(
                    attempt,
                    cast.instanceId(),
                    elector.id(),
                    elector.host(),
                    cast.nextTerm(),
                    lasting);
            return true;
        } catch (RuntimeException away) {
            LOG.warn("{} does not cease to vouch: {}", elector.id(), away.getMessage());
            return false;
        }
    }

    /**
     * S5: waits until the lease of the old primary has run out for certain. To be done when the
     * candidate is elected and prepared; then it is only a matter of time.
     */
    String expired(Cast cast) {
        Part old = cast.oldPrimary();
        Suspect suspect = new Suspect(cast.instanceId(), old.id(), old.host(), cast.term());
        for (long end = System.nanoTime() + EXPIRY.toNanos(); ; ) {
            switch (evidence.of(suspect)) {
                case FencingOutlook.Proven(var proof) -> {
                    return proof.words();
                }
                case FencingOutlook.Later(var again, var why) -> pause(again, why, end);
                case FencingOutlook.Never(var why) -> throw new PermanentFailure(why);
                case FencingOutlook.Expiring _, FencingOutlook.Gated _, FencingOutlook.Heard _ ->
                        throw new PermanentFailure(
                                "term %d of %s is not open any more"
                                        .formatted(cast.nextTerm(), cast.instanceId()));
            }
        }
    }

    private static void pause(Duration again, String why, long end) {
        if (System.nanoTime() + again.toNanos() > end) {
            throw new IllegalStateException("still waiting for " + why);
        }
        try {
            Thread.sleep(again);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", ending);
        }
    }

    /** Whoever takes longer has no vote: clients wait. */
    private static <T> Optional<T> soon(Future<Optional<T>> said) {
        try {
            return said.get(VOTE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException late) {
            said.cancel(true);
            return Optional.empty();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", ending);
        }
    }

    /** It is fenced already; if its agent answers after all, so much the better. */
    private static Optional<FencingProof> ifDone(Future<FencingProof> proof) {
        return proof.state() == Future.State.SUCCESS
                ? Optional.of(proof.resultNow())
                : Optional.empty();
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", ending);
        }
    }

    private boolean hold(Attempt attempt, Cast cast) {
        InstanceRow instance = topology(cast).instance();
        if (instance.endpoint().flatMap(open -> seen.lostFor(open.hostId())).isPresent()) {
            return false;
        }
        try {
            endpoints.hold(attempt, instance, cast.nextTerm(), Duration.ZERO);
            return true;
        } catch (RuntimeException away) {
            LOG.warn("the endpoint of {} is not held: {}", cast.instanceId(), away.getMessage());
            return false;
        }
    }

    private Optional<Reported> part(Attempt attempt, Cast cast, Part replica) {
        try {
            Parted parted =
                    orders.carryOut(
                            attempt,
                            replica.host(),
                            replica.id(),
                            new Order.PartStandby(
                                    new MemberId(replica.id()),
                                    cast.nextTerm(),
                                    replica.equals(cast.target())
                                            ? cast.sync().names()
                                            : List.of()),
                            Parted.class);
            return Optional.of(
                    new Reported(
                            replica.id(), parted.received(), parted.replayed(), parted.timeline()));
        } catch (RuntimeException away) {
            LOG.warn("{} does not say what it has: {}", replica.id(), away.getMessage());
            return Optional.empty();
        }
    }

    /** Whoever can be reached confirms no commit of the target from then on. */
    void partGates(Attempt attempt, Cast cast) {
        cast.gates().forEach(gate -> part(attempt, cast, gate));
    }

    /** S5: a stop that its agent confirms. */
    private FencingProof fence(Attempt attempt, Cast cast) {
        Part old = cast.oldPrimary();
        try {
            orders.carryOut(
                    attempt,
                    old.host(),
                    old.id(),
                    new Order.KillMember(new MemberId(old.id()), cast.nextTerm()));
            return new FencingProof.ConfirmedStop(old.id(), old.host(), clock.instant());
        } catch (AgentUnreachable away) {
            throw new IllegalStateException(
                    "the agent of %s does not confirm that %s is stopped"
                            .formatted(old.host(), old.id()),
                    away);
        }
    }

    /** In the transaction that says so: the term is still open, and nobody has been promoted. */
    Elected elect(
            Connection connection,
            String operationId,
            FailoverInput input,
            Cast cast,
            Seized seized) {
        Handle handle = Catalogue.within(connection);
        Topology topology = Topology.find(handle, cast.instanceId()).orElseThrow();
        List<String> lists = InstanceStore.syncLists(handle, cast.instanceId());
        return switch (Election.of(votes(topology, seized), lists)) {
            case Election.Outcome.Nobody(var why) -> throw new PermanentFailure(why);
            case Election.Outcome.Elected(var id, var complete) -> {
                Cast next =
                        cast.target().id().equals(id)
                                ? cast
                                : recast(handle, topology, input, cast, id);
                if (!next.equals(cast)) {
                    FailoverStore.newPrimary(handle, operationId, id);
                }
                boolean surely =
                        complete
                                && !InstanceStore.mayHaveWaitedForNobody(handle, cast.instanceId());
                yield new Elected(next, surely, !lists.isEmpty());
            }
        };
    }

    /** As above, where somebody has said who. */
    Cast choose(
            Connection connection, String operationId, FailoverInput input, Cast cast, String id) {
        if (cast.target().id().equals(id)) {
            return cast;
        }
        Handle handle = Catalogue.within(connection);
        Topology topology = Topology.find(handle, cast.instanceId()).orElseThrow();
        FailoverStore.newPrimary(handle, operationId, id);
        return recast(handle, topology, input, cast, id);
    }

    /** What each of those who may take over lacks of what anybody has seen (D7). */
    AtRisk weigh(Cast cast, Seized seized, String why) {
        Lsn furthest =
                Reference.of(
                                seen.lastSaid(member(cast.oldPrimary())),
                                seized.replicas().stream()
                                        .map(one -> Lsn.parse(one.received()))
                                        .toList())
                        .orElseThrow();
        return new AtRisk(
                cast.instanceId(),
                cast.oldPrimary().id(),
                why,
                cast.nextTerm(),
                furthest.toString(),
                silent(cast, seized),
                seized.replicas().stream()
                        .filter(one -> seized.mayPromote(one.id()))
                        .map(one -> choice(one, furthest))
                        .toList(),
                Optional.empty(),
                AtRisk.ACTIONS,
                AtRisk.MEANING);
    }

    /** Of the old primary, too: its disk has the last word. */
    private static List<String> silent(Cast cast, Seized seized) {
        Stream<Part> old = seized.diskReadable() ? Stream.of() : Stream.of(cast.oldPrimary());
        Stream<Part> replicas = cast.replicas().filter(one -> seized.of(one.id()).isEmpty());
        return Stream.concat(old, replicas).map(Part::id).toList();
    }

    private Choice choice(Reported one, Lsn furthest) {
        boolean mayBe =
                catalogue
                        .jdbi()
                        .withHandle(handle -> MemberStore.find(handle, one.id()))
                        .filter(row -> row.promotable() && row.priority() > 0)
                        .isPresent();
        return new Choice(
                one.id(),
                Optional.of(Math.max(0, furthest.bytesSince(Lsn.parse(one.received())))),
                mayBe ? Optional.empty() : Optional.of("is never to be promoted"));
    }

    private static List<Election.Parted> votes(Topology topology, Seized seized) {
        return seized.replicas().stream()
                .flatMap(
                        said ->
                                topology.replica(said.id()).stream()
                                        .map(
                                                row ->
                                                        new Election.Parted(
                                                                said.id(),
                                                                row.promotable()
                                                                        && seized.mayPromote(
                                                                                row.id()),
                                                                row.priority(),
                                                                Lsn.parse(said.received()))))
                .toList();
    }

    private Cast recast(
            Handle handle, Topology topology, FailoverInput input, Cast cast, String id) {
        InstanceStore.candidate(handle, cast.instanceId(), cast.nextTerm(), id);
        MemberStore.stage(handle, cast.target().id(), MemberRow.Stage.Ready, Optional.empty());
        MemberStore.stage(handle, id, MemberRow.Stage.Promoting, Optional.empty());
        List<Part> all = new ArrayList<>(cast.others());
        all.add(cast.target());
        Part target = all.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
        all.remove(target);
        List<MemberRow> others =
                all.stream().map(one -> topology.replica(one.id()).orElseThrow()).toList();
        return new Cast(
                cast.instanceId(),
                cast.term(),
                cast.oldPrimary(),
                target,
                List.copyOf(all),
                SyncPlan.of(topology, input, seen, topology.replica(id).orElseThrow(), others));
    }

    /**
     * S8: what the dead primary wrote last, up to its last valid record, goes to the new one before
     * that is promoted. Repeating it writes the same bytes to the same place.
     */
    Salvaged salvage(Attempt attempt, Cast cast, Seized seized) {
        Part old = cast.oldPrimary();
        Reported target = seized.of(cast.target().id()).orElseThrow();
        Lsn from = Lsn.parse(target.replayed());
        Lsn at = from;
        WalPiece piece;
        do {
            piece = read(old, target.timeline(), at);
            append(attempt, cast, target.timeline(), piece);
            at = Lsn.parse(piece.end());
        } while (piece.more());
        if (at.compareTo(from) > 0) {
            await(attempt, cast, at);
        }
        return new Salvaged(at.toString(), at.bytesSince(Lsn.parse(target.received())));
    }

    private WalPiece read(Part old, int timeline, Lsn from) {
        try {
            return agents.of(old.host()).wal(old.id(), timeline, from.toString(), PIECE);
        } catch (AgentRefusal refused) {
            throw new PermanentFailure(String.valueOf(refused.getMessage()));
        }
    }

    private void append(Attempt attempt, Cast cast, int timeline, WalPiece piece) {
        if (piece.base64().isEmpty()) {
            return;
        }
        Part target = cast.target();
        orders.carryOut(
                attempt,
                piece.from(),
                target.host(),
                target.id(),
                new Order.AppendWal(
                        new MemberId(target.id()),
                        cast.nextTerm(),
                        timeline,
                        piece.from(),
                        piece.base64()));
    }

    private void await(Attempt attempt, Cast cast, Lsn end) {
        Part target = cast.target();
        orders.carryOut(
                attempt,
                target.host(),
                target.id(),
                new Order.AwaitPosition(
                        new MemberId(target.id()), cast.nextTerm(), end.toString(), REPLAY));
    }

    void setAside(Connection connection, Part replica, String end) {
        MemberStore.stage(
                Catalogue.within(connection),
                replica.id(),
                MemberRow.Stage.Detached,
                Optional.of(
                        "has replayed more than %s, up to which the new primary had it: it is rewound"
                                .formatted(end)));
    }

    /** The way back: a replica listens to the old primary again. */
    void listenAgain(Attempt attempt, Cast cast, Part replica) {
        orders.carryOut(
                attempt,
                replica.host(),
                replica.id(),
                new Order.FollowMember(
                        new MemberId(replica.id()),
                        cast.nextTerm(),
                        upstreams.of(member(cast.oldPrimary()), member(replica))));
    }

    private MemberRow member(Part part) {
        return catalogue
                .jdbi()
                .withHandle(handle -> MemberStore.find(handle, part.id()))
                .orElseThrow();
    }

    private Topology topology(Cast cast) {
        return catalogue
                .jdbi()
                .withHandle(handle -> Topology.find(handle, cast.instanceId()))
                .orElseThrow();
    }
}
