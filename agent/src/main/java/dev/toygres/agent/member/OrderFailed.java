package dev.toygres.agent.member;

/** An order cannot be carried out, for a reason that is told to whoever gave it. */
public final class OrderFailed extends RuntimeException {
    public OrderFailed(String message) {
        super(message);
    }

    public OrderFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
