package dev.toygres.server.operation;

/** Says that an operation may have changed; some changes may go unsaid. */
public interface Nudges {

    /** Nobody says anything: whoever watches looks now and then. */
    Nudges NONE = (_, _) -> () -> {};

    /** Calls {@code changed}, which is quick, until the subscription is closed. */
    Subscription subscribe(String operationId, Runnable changed);

    /** Closed when one has seen enough. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
