package dev.toygres.orchestrations.replica;

import dev.toygres.agentapi.OrderResult.Rejoined;
import dev.toygres.agentapi.OrderResult.Tail;
import dev.toygres.durable.Context;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.orchestrations.alert.Alarms;
import dev.toygres.store.Catalogue;
import dev.toygres.store.FailoverStore;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** S8: what a former primary alone had never goes silently. */
public final class KeptTail {
    private KeptTail() {}

    /**
     * Tells of it, if there is one, and completes the account of the failover that could not know.
     * Where transactions were lost, that is so until somebody has taken note of it.
     */
    public static void tell(
            Context context, String instanceId, String memberId, String hostId, Rejoined rejoined) {
        // A step of a run from before it answered anything answers nothing.
        if (rejoined != null) {
            context.transact(
                    "tell-of-tail",
                    c -> tell(Catalogue.within(c), instanceId, memberId, hostId, rejoined));
        }
    }

    private static void tell(
            Handle handle, String instanceId, String memberId, String hostId, Rejoined rejoined) {
        rejoined.tail()
                .ifPresent(
                        tail -> {
                            Alert alert = alert(instanceId, memberId, hostId, tail);
                            if (tail.transactions() > 0) {
                                Alarms.raise(handle, alert);
                            } else {
                                Alarms.tell(handle, alert);
                            }
                        });
        lost(rejoined)
                .ifPresent(bytes -> FailoverStore.lossFound(handle, instanceId, memberId, bytes));
    }

    /** Not known of one that had to be cloned anew before anybody could read what it had. */
    private static Optional<Long> lost(Rejoined rejoined) {
        return rejoined.tail()
                .map(tail -> tail.transactions() > 0 ? tail.bytes() : 0)
                .or(
                        () ->
                                rejoined.how() != Rejoined.How.Cloned
                                                && rejoined.divergedBytes() == 0
                                        ? Optional.of(0L)
                                        : Optional.empty());
    }

    private static Alert alert(String instanceId, String memberId, String hostId, Tail tail) {
        return Alert.ofInstance(
                        severity(tail),
                        AlertKind.TailKept,
                        instanceId,
                        words(memberId, hostId, tail))
                .part(memberId)
                .part(tail.from())
                .with("transactions", tail.transactions())
                .with("bytes", tail.bytes());
    }

    private static AlertSeverity severity(Tail tail) {
        return tail.transactions() > 0 ? AlertSeverity.Critical : AlertSeverity.Info;
    }

    private static String words(String memberId, String hostId, Tail tail) {
        String when =
                tail.firstAt()
                        .map(
                                first ->
                                        ", committed from %s to %s"
                                                .formatted(first, tail.lastAt().orElse(first)))
                        .orElse("");
        return "%s, a former primary, came back with %d transactions that nobody else has%s. It follows now; its WAL from %s to %s (%d bytes) is kept on host %s in %s, where pg_waldump reads it."
                .formatted(
                        memberId,
                        tail.transactions(),
                        when,
                        tail.from(),
                        tail.to(),
                        tail.bytes(),
                        hostId,
                        tail.place());
    }
}
