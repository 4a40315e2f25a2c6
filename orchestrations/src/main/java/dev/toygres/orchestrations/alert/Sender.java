package dev.toygres.orchestrations.alert;

import dev.toygres.store.NotificationStore.Target;

/** A way to tell somebody. */
@FunctionalInterface
interface Sender {

    /**
     * Returns when the other side has it for sure.
     *
     * @throws NotDelivered in words that hold no secret
     */
    void send(Target target, Message message) throws NotDelivered;

    /** It did not arrive, or nobody can tell. */
    final class NotDelivered extends Exception {
        NotDelivered(String words) {
            super(words.length() <= 300 ? words : words.substring(0, 300));
        }
    }
}
