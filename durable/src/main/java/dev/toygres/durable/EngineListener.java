package dev.toygres.durable;

import java.time.Instant;

/** What an engine tells whoever raises alerts and counts. Called on the engine's own threads. */
public interface EngineListener {

    /** A step is past its deadline; told at least once, by one engine at a time. */
    default void stepOverdue(OverdueStep step) {}

    /** An operation is over on this engine. */
    default void operationEnded(String id, String type, OperationState state) {}

    /** A step that should have ended by now. */
    record OverdueStep(String operationId, String type, String path, Instant deadline) {}
}
