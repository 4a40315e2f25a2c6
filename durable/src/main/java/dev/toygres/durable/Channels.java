package dev.toygres.durable;

/** The two words that travel by NOTIFY. */
final class Channels {
    /** Work is there to be picked up; the payload is the operation that was cancelled, or empty. */
    static final String WAKE = "durable_wake";

    /** The operation in the payload changed. */
    static final String CHANGE = "durable_change";

    private Channels() {}
}
