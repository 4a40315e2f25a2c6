package dev.toygres.agent.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Signals by kill(2): Java's own API knows only TERM and KILL, and a kill binary may be absent. */
public enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    KILL(9),
    USR1(10),
    USR2(12),
    CONT(18),
    STOP(19),
    TERM(15);

    @SuppressWarnings("restricted")
    private static final MethodHandle KILL_CALL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT));

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** Sends it; a process that has gone meanwhile is no fault. */
    public void to(long pid) {
        if (pid <= 1) {
            throw new IllegalArgumentException("no signal goes to process " + pid);
        }
        try {
            var ignored = (int) KILL_CALL.invokeExact((int) pid, number);
        } catch (Throwable cause) {
            throw new IllegalStateException("kill(2) failed", cause);
        }
    }
}
