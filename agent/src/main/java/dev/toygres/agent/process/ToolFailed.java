package dev.toygres.agent.process;

/** A tool ended badly, or was killed because it took too long. */
public final class ToolFailed extends RuntimeException {
    public ToolFailed(String message) {
        super(message);
    }
}
