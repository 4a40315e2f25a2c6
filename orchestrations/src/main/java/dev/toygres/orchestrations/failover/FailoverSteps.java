package dev.toygres.orchestrations.failover;

import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Drained;
import dev.toygres.agentapi.OrderResult.Fenced;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.agentapi.OrderResult.Promoted;
import dev.toygres.agentapi.OrderResult.Rejoined;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepFailed;
import dev.toygres.model.FailoverState;
import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceState;
import dev.toygres.model.MemberId;
import dev.toygres.model.ReplicationMode;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.failover.Cast.Part;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.host.TermGuard;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.instance.Upstreams;
import dev.toygres.orchestrations.parameter.Settings;
import dev.toygres.orchestrations.replica.ReplicaSteps;
import dev.toygres.store.Catalogue;
import dev.toygres.store.FailoverStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.LeaseStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failover does in its steps. */
public final class FailoverSteps {
    private static final Logger LOG = LoggerFactory.getLogger(FailoverSteps.class);

    /**
     * What the target may still lack when the primary is stopped: it comes with the stop itself.
     */
    private static final Duration LAST_BYTE = Duration.ofSeconds(20);

    /** A position that every standby has reached: who answers runs. */
    private static final String ANYWHERE = "0/0";

    private static final Duration ANSWER = Duration.ofSeconds(2);

    /** More than a lost packet: nobody waits for such a host. */
    private static final Duration AWAY = Duration.ofSeconds(2);

    private final Catalogue catalogue;
    private final Orders orders;
    private final Agents agents;
    private final Endpoints endpoints;
    private final Upstreams upstreams;
    private final ReplicaSteps replicas;
    private final Observations seen;
    private final TermGuard terms;
    private final InstantSource clock;

    public FailoverSteps(
            Catalogue catalogue,
            Orders orders,
            Agents agents,
            Endpoints endpoints,
            Upstreams upstreams,
            ReplicaSteps replicas,
            Observations seen,
            TermGuard terms,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.agents = agents;
        this.endpoints = endpoints;
        this.upstreams = upstreams;
        this.replicas = replicas;
        this.seen = seen;
        this.terms = terms;
        this.clock = clock;
    }

    // ---- before the primary is touched ----

    Cast cast(Connection connection, String operationId, FailoverInput input) {
        Handle handle = Catalogue.within(connection);
        Topology topology = Topology.find(handle, input.instanceId()).orElseThrow();
        MemberRow primary = topology.placedPrimary();
        MemberRow target =
                topology.replica(input.targetReplicaId())
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                input.targetReplicaId() + " is gone"));
        requireStillPossible(handle, topology, target);
        List<MemberRow> others =
                topology.readyReplicas().stream()
                        .filter(one -> !one.id().equals(target.id()))
                        .toList();
        FailoverStore.begin(
                handle,
                operationId,
                input.instanceId(),
                input.cause(),
                input.emergency().map(Emergency::reason),
                clock.instant(),
                primary.id(),
                target.id(),
                seen.lagBytes(primary, target));
        MemberStore.stage(handle, target.id(), MemberRow.Stage.Promoting, Optional.empty());
        Cast cast =
                new Cast(
                        input.instanceId(),
                        topology.instance().term(),
                        part(primary),
                        part(target),
                        others.stream().map(FailoverSteps::part).toList(),
                        SyncPlan.of(topology, input, seen, target, others));
        FailoverNews.started(handle, operationId, cast, input.emergency());
        return cast;
    }

    /** A failed failover may be retried when the desk's look at things is long past. */
    private static void requireStillPossible(Handle handle, Topology topology, MemberRow target) {
        if (topology.instance().state() != InstanceState.FailingOver) {
            InstanceStore.move(handle, topology.instance().id(), InstanceEvent.failoverRequested);
        }
        if (target.stage() != MemberRow.Stage.Ready) {
            throw new IllegalStateException(target.id() + " is " + target.stage());
        }
    }

    private static Part part(MemberRow member) {
        return new Part(member.id(), member.hostId(), member.slot());
    }

    void claim(Attempt attempt, Cast cast) {
        orders.claim(attempt, cast.oldPrimary().host(), cast.oldPrimary().id());
        orders.claim(attempt, cast.target().host(), cast.target().id());
        endpoints.prepare(topology(cast).instance());
    }

    void waitForSync(Attempt attempt, Cast cast, long timeoutMs) {
        String position = seen.awaitPosition(agents, member(cast.oldPrimary())).toString();
        orders.carryOut(
                attempt,
                cast.target().host(),
                cast.target().id(),
                awaiting(cast, cast.term(), position, Duration.ofMillis(timeoutMs)),
                () -> requireAlive(cast.oldPrimary()));
    }

    /** Nothing more comes of a dead one, and whoever replaces it waits for us. */
    private void requireAlive(Part primary) {
        boolean crashed =
                seen.of(member(primary))
                        .filter(one -> one.state() == HostStatus.State.Crashed)
                        .isPresent();
        if (crashed || isAway(primary.host())) {
            throw new PermanentFailure(
                    "%s died while it was waited for what it had sent".formatted(primary.id()));
        }
    }

    private void await(Attempt attempt, Cast cast, long term, String position, Duration timeout) {
        Part target = cast.target();
        orders.carryOut(
                attempt, target.host(), target.id(), awaiting(cast, term, position, timeout));
    }

    private static Order awaiting(Cast cast, long term, String position, Duration timeout) {
        return new Order.AwaitPosition(new MemberId(cast.target().id()), term, position, timeout);
    }

    void checkpoint(Attempt attempt, Cast cast) {
        Part old = cast.oldPrimary();
        orders.carryOut(
                attempt,
                old.host(),
                old.id(),
                new Order.Checkpoint(new MemberId(old.id()), cast.term()));
    }

    // ---- the way over ----

    void openTerm(Connection connection, String operationId, Cast cast) {
        Handle handle = Catalogue.within(connection);
        terms.requireNoNewer(handle, cast.instanceId());
        InstanceStore.openTerm(handle, cast.instanceId(), cast.term(), cast.target().id());
        FailoverStore.state(handle, operationId, FailoverState.FencingPrimary);
    }

    Moment hold(Attempt attempt, Cast cast, FailoverInput input) {
        Moment before = new Moment(clock.instant());
        endpoints.hold(
                attempt,
                topology(cast).instance(),
                cast.nextTerm(),
                Duration.ofMillis(input.drainTimeoutMs()));
        return before;
    }

    void drain(Attempt attempt, Cast cast, FailoverInput input) {
        Part old = cast.oldPrimary();
        orders.carryOut(
                attempt,
                old.host(),
                old.id(),
                new Order.DrainMember(
                        new MemberId(old.id()),
                        cast.term(),
                        Duration.ofMillis(input.drainTimeoutMs())),
                Drained.class);
    }

    /** A target that has died meanwhile shows here, before the primary is touched. */
    Fenced fence(Attempt attempt, Cast cast) {
        Part old = cast.oldPrimary();
        await(attempt, cast, cast.term(), ANYWHERE, ANSWER);
        return orders.carryOut(
                attempt,
                old.host(),
                old.id(),
                new Order.FenceMember(new MemberId(old.id()), cast.nextTerm()),
                Fenced.class);
    }

    void receive(Attempt attempt, Cast cast, String lastByte) {
        await(attempt, cast, cast.term(), lastByte, LAST_BYTE);
    }

    /**
     * Whom its commits will wait for connects meanwhile: who streams from a standby that is
     * promoted goes over to its new timeline in a moment, and need not begin with a session.
     */
    Promoted promote(Attempt attempt, Cast cast) {
        Part target = cast.target();
        requireOpenTerm(cast);
        cast.gates()
                .forEach(
                        gate ->
                                orders.foreshadow(
                                        attempt,
                                        gate.host(),
                                        gate.id(),
                                        () -> following(cast, gate)));
        return orders.carryOut(
                attempt,
                target.host(),
                target.id(),
                new Order.PromoteMember(
                        new MemberId(target.id()),
                        cast.nextTerm(),
                        1,
                        cast.sync().names(),
                        cast.gates().map(Part::slot).toList()),
                Promoted.class);
    }

    /** A retry may come when the term is long another's. */
    private void requireOpenTerm(Cast cast) {
        InstanceRow row = topology(cast).instance();
        boolean settled = row.incumbent().equals(Optional.of(cast.target().id()));
        boolean open = row.candidate().equals(Optional.of(cast.target().id()));
        if (row.term() != cast.nextTerm() || !(open || settled)) {
            throw new PermanentFailure(
                    "term %d of %s is over".formatted(cast.nextTerm(), cast.instanceId()));
        }
    }

    Moment route(Attempt attempt, String operationId, Cast cast, Promoted promoted) {
        // Shown while it is so; no client waits for it.
        Thread.startVirtualThread(() -> showRouting(operationId));
        InstanceRow instance = topology(cast).instance();
        instance.endpoint()
                .ifPresent(open -> requireHere(open.hostId(), "the watch leads them there later"));
        endpoints.open(
                attempt,
                instance,
                cast.target().host(),
                cast.nextTerm(),
                promoted.address(),
                List.of());
        return new Moment(clock.instant());
    }

    private void showRouting(String operationId) {
        try {
            catalogue.jdbi().useHandle(handle -> FailoverStore.routing(handle, operationId));
        } catch (RuntimeException later) {
            LOG.debug("{} shows its state later: {}", operationId, later.getMessage());
        }
    }

    void settleTerm(
            Connection connection,
            String operationId,
            Cast cast,
            Promoted promoted,
            Severed severed,
            long interruptionMs) {
        Handle handle = Catalogue.within(connection);
        String id = cast.instanceId();
        InstanceStore.settleTerm(handle, id, cast.nextTerm(), cast.target().id());
        InstanceStore.planSync(handle, id, cast.nextTerm(), cast.sync().names());
        InstanceStore.confirmSync(handle, id, cast.nextTerm());
        InstanceStore.readers(handle, id, List.of());
        swapModes(handle, cast);
        MemberStore.stage(handle, cast.target().id(), MemberRow.Stage.Ready, Optional.empty());
        FailoverStore.state(handle, operationId, FailoverState.UpdatingRouting);
        FailoverStore.proof(
                handle,
                operationId,
                severed.proof() + "; promoted to timeline " + promoted.timeline(),
                severed.lossBytes());
        FailoverStore.interruption(handle, operationId, interruptionMs);
        FailoverNews.promoted(handle, operationId, cast, interruptionMs);
    }

    private static void swapModes(Handle handle, Cast cast) {
        String heir = cast.sync().heir();
        MemberStore.mode(handle, cast.oldPrimary().id(), mode(handle, heir));
        MemberStore.mode(handle, heir, mode(handle, cast.target().id()));
        MemberStore.mode(handle, cast.target().id(), ReplicationMode.Async);
    }

    private static ReplicationMode mode(Handle handle, String memberId) {
        return MemberStore.find(handle, memberId).orElseThrow().mode();
    }

    // ---- afterwards ----

    /**
     * Whom the new primary's commits wait for was told with the promotion, has its slot there, and
     * obeys this run already: its first word is the one that everybody waits for.
     */
    void follow(Attempt attempt, Cast cast, Part other) {
        if (!cast.isGate(other) || attempt.number() > 1) {
            keepSlot(attempt, cast, other);
            orders.claim(attempt, other.host(), other.id());
        }
        orders.carryOut(attempt, other.host(), other.id(), following(cast, other));
    }

    private Order following(Cast cast, Part other) {
        return new Order.FollowMember(
                new MemberId(other.id()),
                cast.nextTerm(),
                upstreams.of(member(cast.target()), member(other)));
    }

    private void keepSlot(Attempt attempt, Cast cast, Part follower) {
        Part primary = cast.target();
        orders.carryOut(
                attempt,
                primary.host(),
                primary.id(),
                new Order.KeepSlot(new MemberId(primary.id()), cast.nextTerm(), follower.slot()));
    }

    Rejoined rejoin(Attempt attempt, Cast cast) {
        Part old = cast.oldPrimary();
        requireHere(old.host(), "it follows when its host is back");
        keepSlot(attempt, cast, old);
        Topology topology = topology(cast);
        Rejoined rejoined =
                orders.carryOut(
                        attempt,
                        old.host(),
                        old.id(),
                        new Order.RejoinMember(
                                new MemberId(old.id()),
                                cast.nextTerm(),
                                upstreams.of(member(cast.target()), member(old)),
                                endpoints.certificate(topology.instance(), old.id(), old.host()),
                                settings(topology, old),
                                false),
                        Rejoined.class);
        dropSlots(attempt, cast);
        return rejoined;
    }

    /** A network that is silent takes seconds to say so, and commits may wait for what follows. */
    private void requireHere(String hostId, String otherwise) {
        if (isAway(hostId)) {
            throw new PermanentFailure("%s does not answer: %s".formatted(hostId, otherwise));
        }
    }

    private boolean isAway(String hostId) {
        return seen.lostFor(hostId).filter(time -> time.compareTo(AWAY) > 0).isPresent();
    }

    /** S10: nobody streams from a former primary; its slots would keep WAL for ever. */
    private void dropSlots(Attempt attempt, Cast cast) {
        Part old = cast.oldPrimary();
        cast.replicas()
                .forEach(
                        follower ->
                                orders.carryOut(
                                        attempt,
                                        follower.slot(),
                                        old.host(),
                                        old.id(),
                                        new Order.DropSlot(
                                                new MemberId(old.id()),
                                                cast.nextTerm(),
                                                follower.slot())));
    }

    void retain(Connection connection, Cast cast) {
        MemberStore.stage(
                Catalogue.within(connection),
                cast.oldPrimary().id(),
                MemberRow.Stage.Retained,
                Optional.of("kept, stopped, as it was when it was primary of term " + cast.term()));
    }

    void forgetOld(Connection connection, Cast cast) {
        MemberStore.remove(Catalogue.within(connection), cast.oldPrimary().id());
    }

    /** Its data is as good as before: the watch attaches it once its host answers. */
    void markBroken(Connection connection, String memberId, StepFailed failure) {
        MemberStore.stage(
                Catalogue.within(connection),
                memberId,
                MemberRow.Stage.Detached,
                Optional.of(String.valueOf(failure.getMessage())));
    }

    void settle(Context context, String instanceId) {
        replicas.settle(context, "settle", instanceId);
    }

    void state(Connection connection, String operationId, FailoverState state) {
        FailoverStore.state(Catalogue.within(connection), operationId, state);
    }

    void complete(Connection connection, String operationId, FailoverInput input) {
        Handle handle = Catalogue.within(connection);
        serves(handle, input.instanceId());
        FailoverStore.end(
                handle, operationId, FailoverState.Completed, Optional.empty(), clock.instant());
        FailoverNews.completed(handle, operationId, input.instanceId());
    }

    /** Somebody may have asked for its deletion meanwhile: that stays so. */
    private static void serves(Handle handle, String instanceId) {
        if (InstanceStore.lock(handle, instanceId).state() == InstanceState.FailingOver) {
            InstanceStore.move(handle, instanceId, InstanceEvent.started);
        }
    }

    // ---- the way back ----

    /** The old primary adopts the open term, and can be written to again. */
    MemberUp unfence(Attempt attempt, Cast cast) {
        Part old = cast.oldPrimary();
        terms.requireNoOther(cast.instanceId(), old.id(), cast.nextTerm());
        catalogue
                .jdbi()
                .useHandle(
                        handle -> LeaseStore.release(handle, cast.instanceId(), cast.nextTerm()));
        return orders.carryOut(
                attempt,
                old.host(),
                old.id(),
                new Order.UnfenceMember(new MemberId(old.id()), cast.nextTerm()),
                MemberUp.class);
    }

    /**
     * The same where nobody was told to promote, so that nobody is primary in the term that came to
     * nothing. Empty when its host is away: nothing can be told to it then.
     */
    Resumed resume(Attempt attempt, Cast cast) {
        Part old = cast.oldPrimary();
        if (isAway(old.host())) {
            return new Resumed(Optional.empty());
        }
        terms.requireNoOther(cast.instanceId(), old.id(), cast.term());
        return new Resumed(Optional.of(unfence(attempt, cast)));
    }

    /** The addresses lead to it, as before. */
    void reopen(Attempt attempt, Cast cast, MemberUp up) {
        Topology topology = topology(cast);
        endpoints.open(
                attempt,
                topology.instance(),
                cast.oldPrimary().host(),
                cast.nextTerm(),
                up.address(),
                topology.replicas().stream()
                        .filter(one -> topology.instance().readers().contains(one.id()))
                        .map(Upstreams::address)
                        .toList());
    }

    /** The open term came to nothing: it is the old primary's. */
    void adoptTerm(Connection connection, Cast cast) {
        InstanceStore.settleTerm(
                Catalogue.within(connection),
                cast.instanceId(),
                cast.nextTerm(),
                cast.oldPrimary().id());
    }

    /**
     * S1: the target's term came to nothing; the next one is the old primary's. What was ordered in
     * the former and comes late is refused from then on. Saying so again changes nothing.
     */
    void reopenTerm(Connection connection, Cast cast) {
        Handle handle = Catalogue.within(connection);
        Optional<String> old = Optional.of(cast.oldPrimary().id());
        InstanceRow row = InstanceStore.lock(handle, cast.instanceId());
        if (row.term() != cast.oneTermLater().nextTerm() || !row.candidate().equals(old)) {
            InstanceStore.reopenTerm(handle, row.id(), cast.nextTerm(), old.get());
        }
    }

    /** It is the old primary's, and was not taken up: its host is away. */
    void leaveTerm(Connection connection, Cast cast) {
        InstanceStore.leaveTerm(
                Catalogue.within(connection),
                cast.instanceId(),
                cast.nextTerm(),
                cast.oldPrimary().id());
    }

    /** The same, where the target has been told to promote. */
    void reopenPromoted(Connection connection, Cast cast) {
        reopenTerm(connection, cast);
        MemberStore.stage(
                Catalogue.within(connection),
                cast.target().id(),
                MemberRow.Stage.Broken,
                Optional.of(
                        "was told to become primary of term %d, which came to nothing; rebuild it"
                                .formatted(cast.nextTerm())));
    }

    void giveBack(Connection connection, String operationId, Cast cast) {
        Handle handle = Catalogue.within(connection);
        adoptTerm(connection, cast);
        endFailed(
                handle,
                operationId,
                cast.instanceId(),
                "the target was lost; " + cast.oldPrimary().id() + " serves again, as was decided");
        serves(handle, cast.instanceId());
    }

    /** Unless it was dealt with otherwise meanwhile. */
    void stopLost(Attempt attempt, StopLost.Lost lost) {
        boolean stillLost =
                catalogue
                        .jdbi()
                        .withHandle(handle -> MemberStore.find(handle, lost.memberId()))
                        .filter(one -> one.hostId().equals(lost.hostId()))
                        .filter(one -> one.stage() == MemberRow.Stage.Broken)
                        .isPresent();
        if (stillLost) {
            orders.carryOut(
                    attempt,
                    lost.hostId(),
                    lost.memberId(),
                    new Order.FenceMember(new MemberId(lost.memberId()), lost.term()),
                    Fenced.class);
        }
    }

    void noteFailure(
            Connection connection, String operationId, FailoverInput input, StepFailed failure) {
        Handle handle = Catalogue.within(connection);
        String reason = String.valueOf(failure.getMessage());
        if (FailoverStore.find(handle, operationId).isEmpty()) {
            FailoverNews.notBegun(handle, operationId, input, reason);
        } else {
            endFailed(handle, operationId, input.instanceId(), reason);
        }
    }

    /** The first end is the one that counts, and the one that is told. */
    private void endFailed(Handle handle, String operationId, String instanceId, String reason) {
        if (FailoverStore.end(
                handle, operationId, FailoverState.Failed, Optional.of(reason), clock.instant())) {
            FailoverNews.failed(handle, operationId, instanceId, reason);
        }
    }

    void undone(Connection connection, String operationId, String instanceId) {
        Handle handle = Catalogue.within(connection);
        endFailed(handle, operationId, instanceId, "cancelled");
        Topology.find(handle, instanceId).orElseThrow().replicas().stream()
                .filter(one -> one.stage() == MemberRow.Stage.Promoting)
                .forEach(
                        one ->
                                MemberStore.stage(
                                        handle, one.id(), MemberRow.Stage.Ready, Optional.empty()));
        serves(handle, instanceId);
    }

    private MemberRow member(Part part) {
        return catalogue
                .jdbi()
                .withHandle(handle -> MemberStore.find(handle, part.id()))
                .orElseThrow();
    }

    private Map<String, String> settings(Topology topology, Part part) {
        MemberRow row = member(part);
        return catalogue.jdbi().withHandle(handle -> Settings.of(handle, topology.instance(), row));
    }

    private Topology topology(Cast cast) {
        return catalogue
                .jdbi()
                .withHandle(handle -> Topology.find(handle, cast.instanceId()))
                .orElseThrow();
    }
}
