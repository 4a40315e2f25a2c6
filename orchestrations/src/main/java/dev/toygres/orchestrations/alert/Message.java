package dev.toygres.orchestrations.alert;

import dev.toygres.store.NotificationStore;
import java.time.Instant;
import java.util.Optional;

/**
 * What a target is told.
 *
 * @param id of the delivery: the same at each attempt, so that a repeat can be recognised
 * @param alert as it is now; absent from a test
 */
record Message(
        String id, NotificationStore.Event event, Instant timestamp, Optional<AlertView> alert) {

    /** In one line. */
    String title() {
        return alert.map(
                        one ->
                                switch (event) {
                                    case Resolved -> "resolved: " + one.message();
                                    case Repeated ->
                                            one.severity() + ", still so: " + one.message();
                                    case Raised, Happened, Test ->
                                            one.severity() + ": " + one.message();
                                })
                .orElse("a test: notifications of toygres arrive here");
    }
}
