package dev.toygres.model.health;

/** What is going on at an instance by somebody's wish (P48). */
public sealed interface Work {
    /** Nothing. */
    record None() implements Work {}

    /** Something that can be taken up again later: a failover goes first. */
    record Yields(String operationId, String type) implements Work {}

    /** Something during which a primary that is away is no failure. */
    record Holds(String operationId, String type) implements Work {}
}
