package dev.toygres.orchestrations.replica;

import dev.toygres.agentapi.OrderResult.Rejoined;
import dev.toygres.agentapi.OrderResult.Tail;
import dev.toygres.durable.Context;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.orchestrations.alert.Alarms;
import dev.toygres.store.Catalogue;
import java.util.Optional;

/** S8: what a former primary alone had never goes silently. */
public final class KeptTail {
    private KeptTail() {}

    /** Tells of it, if there is one. */
    public static void tell(
            Context context, String instanceId, String memberId, String hostId, Rejoined rejoined) {
        // A step of a run from before it answered anything answers nothing.
        Optional.ofNullable(rejoined)
                .flatMap(Rejoined::tail)
                .map(
                        tail ->
                                Alert.ofInstance(
                                                severity(tail),
                                                AlertKind.TailKept,
                                                instanceId,
                                                words(memberId, hostId, tail))
                                        .part(memberId)
                                        .with("transactions", tail.transactions())
                                        .with("bytes", tail.bytes()))
                .ifPresent(
                        alert ->
                                context.transact(
                                        "tell-of-tail",
                                        c -> Alarms.tell(Catalogue.within(c), alert)));
    }

    private static AlertSeverity severity(Tail tail) {
        return tail.transactions() > 0 || tail.unread().isPresent()
                ? AlertSeverity.Critical
                : AlertSeverity.Info;
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
        return "%s, a former primary, came back with %d transactions that nobody else has%s. It follows now; its WAL from %s to %s (%d bytes) is kept on host %s in %s."
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
