package dev.toygres.cli;

/** A command that cannot be carried out, in words for the user that name the fix. */
public final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int exitCode;

    public CommandFailed(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public CommandFailed(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
