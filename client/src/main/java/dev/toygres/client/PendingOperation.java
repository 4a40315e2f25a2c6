package dev.toygres.client;

import dev.toygres.api.Operation;
import dev.toygres.api.OperationState;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Long work that the server has taken on. It goes on whether anybody waits or not; the server, the
 * connection and this program may all be restarted meanwhile.
 */
public final class PendingOperation {
    /** How long {@link #await()} waits. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);

    private final ToygresClient client;
    private final Transport transport;
    private final Operation accepted;

    PendingOperation(ToygresClient client, Transport transport, Operation accepted) {
        this.client = client;
        this.transport = transport;
        this.accepted = accepted;
    }

    /** Under which it is found again, by any client. */
    public String id() {
        return accepted.id();
    }

    /** As it was when the server took it on. */
    public Operation accepted() {
        return accepted;
    }

    /** As it is now. */
    public Operation now() {
        return client.getOperation(id());
    }

    /** Waits for its success, up to {@link #DEFAULT_TIMEOUT}. */
    public Operation await() {
        return await(DEFAULT_TIMEOUT);
    }

    /**
     * Waits for its success.
     *
     * @throws ToygresException.OperationFailed when it failed, was cancelled, or needs a decision
     * @throws ToygresException.TimedOut when it is still at work
     */
    public Operation await(Duration timeout) {
        return succeeded(watch(timeout, _ -> {}));
    }

    /** Like {@link #await()}, and tells of each change on the way. */
    public Operation await(Duration timeout, Consumer<Operation> seen) {
        return succeeded(watch(timeout, seen));
    }

    /** Tells of each change until it ends, well or not, or needs a decision. */
    public Operation watch(Consumer<Operation> seen) {
        return watch(DEFAULT_TIMEOUT, seen);
    }

    /**
     * Tells of each change until it ends, well or not, or needs a decision.
     *
     * @throws ToygresException.TimedOut when it is still at work
     */
    public Operation watch(Duration timeout, Consumer<Operation> seen) {
        return new OperationWatch(client, transport, id()).follow(accepted, timeout, seen);
    }

    private static Operation succeeded(Operation operation) {
        if (operation.state() != OperationState.Succeeded) {
            throw new ToygresException.OperationFailed(operation);
        }
        return operation;
    }

    @Override
    public String toString() {
        return accepted.type() + " " + id();
    }
}
