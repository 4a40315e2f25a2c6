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
                            if (matters(tail)) {
                                Alarms.raise(handle, alert);
                            } else {
                                Alarms.tell(handle, alert);
                            }
                        });
        lost(rejoined)
                .ifPresent(bytes -> FailoverStore.lossFound(handle, instanceId, memberId, bytes));
    }

    /** Not known of one that had to be cloned anew, or whose WAL nobody could read. */
    private static Optional<Long> lost(Rejoined rejoined) {
        if (rejoined.tail().isPresent()) {
            return rejoined.tail()
                    .filter(tail -> tail.unread().isEmpty())
                    .map(tail -> tail.transactions() > 0 ? tail.bytes() : 0);
        }
        return rejoined.how() != Rejoined.How.Cloned && rejoined.divergedBytes() == 0
                ? Optional.of(0L)
                : Optional.empty();
    }

    /** Something was lost, or nobody can say that nothing was. */
    private static boolean matters(Tail tail) {
        return tail.transactions() > 0 || tail.unread().isPresent();
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
        return matters(tail) ? AlertSeverity.Critical : AlertSeverity.Info;
    }

    private static String words(String memberId, String hostId, Tail tail) {
        return tail.unread()
                .map(
                        why ->
                                "%s, a former primary, came back, and what it alone had cannot be told: %s. It was copied anew; all WAL that it had (%d bytes) is kept on host %s in %s."
                                        .formatted(
                                                memberId, why, tail.bytes(), hostId, tail.place()))
                .orElseGet(() -> read(memberId, hostId, tail));
    }

    private static String read(String memberId, String hostId, Tail tail) {
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
