package dev.toygres.orchestrations.restore;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Fenced;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.MemberId;
import dev.toygres.model.StopMode;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.TermGuard;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.LeaseStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * S12: an instance comes to a standstill for a change of its history. The next term is open,
 * nothing leans on the replicas and they are down, and the primary is stopped and marked, all of it
 * confirmed, before a byte of its data moves. Undone, the primary adopts the open term with the
 * data that it has.
 */
final class Standstill {
    private static final Duration DRAIN = Duration.ofSeconds(1);

    private static final StepOptions BACK =
            StepOptions.DEFAULT
                    .attempts(100)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .deadline(Duration.ofMinutes(2));

    private final Catalogue catalogue;
    private final Orders orders;
    private final Endpoints endpoints;
    private final TermGuard terms;

    Standstill(Catalogue catalogue, Orders orders, Endpoints endpoints, TermGuard terms) {
        this.terms = terms;
        this.catalogue = catalogue;
        this.orders = orders;
        this.endpoints = endpoints;
    }

    Swap reach(Context context, String id) {
        Swap swap = context.transact("find-members", Swap.class, c -> swap(c, id));
        context.step("claim-primary", StepOptions.DEFAULT, attempt -> claim(attempt, swap));
        context.transact("open-term", c -> openTerm(c, swap));
        context.onUndo("resume-primary", undo -> resume(undo, swap));
        context.step("lean-on-nobody", StepOptions.DEFAULT, attempt -> leanOnNobody(attempt, swap));
        swap.replicas().forEach(replica -> stopReplica(context, swap, replica));
        context.step("hold-endpoint", StepOptions.DEFAULT, attempt -> hold(attempt, swap));
        context.progress(0.14, "stopping " + swap.memberId());
        context.step(
                "fence-primary",
                StepOptions.DEFAULT.attempts(3).attemptTimeout(Duration.ofMinutes(5)),
                attempt -> fence(attempt, swap));
        return swap;
    }

    private static Swap swap(Connection connection, String id) {
        Topology topology = Topology.find(Catalogue.within(connection), id).orElseThrow();
        MemberRow primary = topology.placedPrimary();
        return new Swap(
                id,
                topology.instance().term(),
                primary.id(),
                primary.hostId(),
                topology.readyReplicas().stream()
                        .map(one -> new Swap.Replica(one.id(), one.hostId()))
                        .toList());
    }

    private void claim(Attempt attempt, Swap swap) {
        orders.claim(attempt, swap.hostId(), swap.memberId());
    }

    private void openTerm(Connection connection, Swap swap) {
        Handle handle = Catalogue.within(connection);
        terms.requireNoNewer(handle, swap.instanceId());
        InstanceStore.openTerm(handle, swap.instanceId(), swap.term(), swap.memberId());
        InstanceStore.planSync(handle, swap.instanceId(), swap.nextTerm(), List.of());
        InstanceStore.readers(handle, swap.instanceId(), List.of());
    }

    private void leanOnNobody(Attempt attempt, Swap swap) {
        orders.carryOut(
                attempt,
                swap.hostId(),
                swap.memberId(),
                new Order.SyncStandbys(new MemberId(swap.memberId()), swap.term(), 1, List.of()));
    }

    /** One whose host is away follows nobody in the new term: it is copied anew when it is back. */
    private void stopReplica(Context context, Swap swap, Swap.Replica replica) {
        context.progress(0.1, "stopping " + replica.id());
        try {
            context.step(
                    "stop-" + replica.id(),
                    StepOptions.DEFAULT.attempts(2),
                    attempt -> stopReplica(attempt, swap, replica));
        } catch (StepFailed away) {
            context.transact("leave-" + replica.id(), _ -> {});
        }
    }

    private void stopReplica(Attempt attempt, Swap swap, Swap.Replica replica) {
        orders.claim(attempt, replica.hostId(), replica.id());
        orders.carryOut(
                attempt,
                replica.hostId(),
                replica.id(),
                new Order.StopMember(new MemberId(replica.id()), swap.term(), StopMode.Fast));
    }

    private void hold(Attempt attempt, Swap swap) {
        endpoints.hold(attempt, topology(swap).instance(), swap.nextTerm(), DRAIN);
    }

    private void fence(Attempt attempt, Swap swap) {
        orders.carryOut(
                attempt,
                swap.hostId(),
                swap.memberId(),
                new Order.FenceMember(new MemberId(swap.memberId()), swap.nextTerm()),
                Fenced.class);
    }

    // ---- the way back ----

    private void resume(Context undo, Swap swap) {
        MemberUp up = undo.step("unfence", BACK, MemberUp.class, attempt -> unfence(attempt, swap));
        undo.step("open", BACK, attempt -> open(attempt, swap, up.address()));
        undo.transact("adopt-term", c -> adoptTerm(c, swap));
        swap.replicas().forEach(replica -> resume(undo, swap, replica));
    }

    private MemberUp unfence(Attempt attempt, Swap swap) {
        terms.requireNoOther(swap.instanceId(), swap.memberId(), swap.nextTerm());
        catalogue
                .jdbi()
                .useHandle(
                        handle -> LeaseStore.release(handle, swap.instanceId(), swap.nextTerm()));
        return orders.carryOut(
                attempt,
                swap.hostId(),
                swap.memberId(),
                new Order.UnfenceMember(new MemberId(swap.memberId()), swap.nextTerm()),
                MemberUp.class);
    }

    /** Without readers: who streams again, the watch lets serve again. */
    void open(Attempt attempt, Swap swap, Address target) {
        endpoints.open(
                attempt,
                topology(swap).instance(),
                swap.hostId(),
                swap.nextTerm(),
                target,
                List.of());
    }

    static void adoptTerm(Connection connection, Swap swap) {
        Handle handle = Catalogue.within(connection);
        InstanceStore.settleTerm(handle, swap.instanceId(), swap.nextTerm(), swap.memberId());
        InstanceStore.confirmSync(handle, swap.instanceId(), swap.nextTerm());
    }

    private void resume(Context undo, Swap swap, Swap.Replica replica) {
        try {
            undo.step(
                    "resume-" + replica.id(),
                    StepOptions.DEFAULT,
                    attempt ->
                            orders.carryOut(
                                    attempt,
                                    replica.hostId(),
                                    replica.id(),
                                    new Order.StartMember(
                                            new MemberId(replica.id()),
                                            swap.nextTerm(),
                                            Optional.empty()),
                                    MemberUp.class));
        } catch (StepFailed away) {
            undo.transact(
                    "without-" + replica.id(),
                    c ->
                            MemberStore.stage(
                                    Catalogue.within(c),
                                    replica.id(),
                                    MemberRow.Stage.Detached,
                                    Optional.of(String.valueOf(away.getMessage()))));
        }
    }

    private Topology topology(Swap swap) {
        return catalogue
                .jdbi()
                .withHandle(handle -> Topology.find(handle, swap.instanceId()))
                .orElseThrow();
    }
}
