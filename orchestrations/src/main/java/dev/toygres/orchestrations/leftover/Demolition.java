package dev.toygres.orchestrations.leftover;

import dev.toygres.agentapi.Order;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import dev.toygres.orchestrations.Orders;
import dev.toygres.store.Catalogue;
import dev.toygres.store.LeftoverStore;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;

/**
 * Destroys members and endpoints. A host that does not answer holds nothing up for longer than a
 * minute: what is there is written down and destroyed once the host is back; until then nobody gets
 * its names, so that the order to destroy it can never hit anything else.
 */
public final class Demolition {
    private static final StepOptions BOUNDED =
            StepOptions.DEFAULT
                    .attempts(10)
                    .backoff(Duration.ofMillis(200), Duration.ofSeconds(5))
                    .attemptTimeout(Duration.ofMinutes(10));

    private final Catalogue catalogue;
    private final Orders orders;

    public Demolition(Catalogue catalogue, Orders orders) {
        this.catalogue = catalogue;
        this.orders = orders;
    }

    /**
     * Within a flow or an undo; answers what was left behind, if anything.
     *
     * @param term the last that it can have heard of
     */
    public Optional<String> member(
            Context context, String instanceId, String memberId, String hostId, long term) {
        return destroy(
                context,
                "destroy-" + memberId,
                Leftover.member(hostId, memberId, instanceId, term));
    }

    /** As above, for the addresses of an instance. */
    public Optional<String> endpoint(Context context, String instanceId, String hostId, long term) {
        return destroy(context, "close-endpoint", Leftover.endpoint(hostId, instanceId, term));
    }

    private Optional<String> destroy(Context context, String name, Leftover what) {
        try {
            context.step(name, BOUNDED, attempt -> order(attempt, what));
            return Optional.empty();
        } catch (StepFailed away) {
            context.transact(name + "-later", c -> leave(c, what, away));
            context.startDetached(name + "-when-back", LeftoverFlows.CLEAR, what);
            return Optional.of(what.id() + " on " + what.hostId());
        }
    }

    private static void leave(Connection connection, Leftover what, StepFailed away) {
        LeftoverStore.add(
                Catalogue.within(connection),
                what.hostId(),
                what.kind(),
                what.id(),
                what.instanceId(),
                what.term(),
                String.valueOf(away.getMessage()));
    }

    void clear(Attempt attempt, Leftover what) {
        boolean stillThere =
                catalogue
                        .jdbi()
                        .withHandle(
                                handle ->
                                        LeftoverStore.contains(
                                                handle, what.hostId(), what.kind(), what.id()));
        if (stillThere) {
            order(attempt, what);
        }
    }

    private void order(Attempt attempt, Leftover what) {
        Order order =
                switch (what.kind()) {
                    case Member -> new Order.DestroyMember(new MemberId(what.id()), what.term());
                    case Endpoint ->
                            new Order.CloseEndpoint(new InstanceId(what.id()), what.term());
                };
        orders.carryOut(attempt, what.hostId(), what.id(), order);
    }

    void forget(Connection connection, Leftover what) {
        LeftoverStore.remove(Catalogue.within(connection), what.hostId(), what.kind(), what.id());
    }
}
