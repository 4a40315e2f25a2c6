package dev.toygres.durable;

/** Sees every journal write from both sides: where tests lose the engine. */
public interface JournalProbe {
    JournalProbe NONE = new JournalProbe() {};

    default void before(String operationId, String write) {}

    default void after(String operationId, String write) {}
}
