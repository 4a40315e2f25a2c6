package dev.toygres.cli;

/** How a command ended; part of the contract. */
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int NOT_FOUND = 3;
    public static final int REFUSED = 4;
    public static final int TIMED_OUT = 5;

    private ExitCode() {}
}
