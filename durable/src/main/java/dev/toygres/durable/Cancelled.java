package dev.toygres.durable;

/** Thrown between steps and in waits of a flow that somebody cancelled. A flow lets it pass. */
public final class Cancelled extends RuntimeException {
    public Cancelled(String operationId) {
        super("operation " + operationId + " was cancelled");
    }
}
