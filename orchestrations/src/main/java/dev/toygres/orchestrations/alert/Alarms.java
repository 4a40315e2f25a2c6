package dev.toygres.orchestrations.alert;

import dev.toygres.model.Alert;
import dev.toygres.store.AlertStore;
import dev.toygres.store.NotificationStore;
import dev.toygres.store.NotificationStore.Event;
import org.jdbi.v3.core.Handle;

/**
 * Raises alerts and resolves them (R3.26, P56), in the caller's transaction: in a flow's {@code
 * transact} that is exactly once. Costs two small statements and never waits for anybody who is
 * told: they have a queue each.
 *
 * <p>What lasts is raised and later resolved under the same key, and told of again at an interval
 * meanwhile. What only happens is told of once.
 */
public final class Alarms {
    private Alarms() {}

    /**
     * Raises it. While it is unresolved, raising it again renews its words and counts; whoever was
     * told is told again only if it matters more than before.
     */
    public static void raise(Handle handle, Alert alert) {
        AlertStore.Raised raised = AlertStore.raise(handle, alert);
        if (raised.news()) {
            AlertStore.renewed(handle, raised.id());
            NotificationStore.enqueue(handle, raised.id(), Event.Raised);
        }
    }

    /** It is over. Nothing happens if it was never raised. */
    public static void resolve(Handle handle, String key) {
        AlertStore.resolve(handle, key)
                .ifPresent(id -> NotificationStore.enqueue(handle, id, Event.Resolved));
    }

    /** Tells of something that happened and does not last. Each call tells once more. */
    public static void tell(Handle handle, Alert alert) {
        NotificationStore.enqueue(handle, AlertStore.happened(handle, alert), Event.Happened);
    }
}
