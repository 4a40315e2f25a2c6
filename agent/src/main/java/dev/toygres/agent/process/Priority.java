package dev.toygres.agent.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Puts what enforces or renews a lease before all usual work, so that a busy machine does not fence
 * itself (S3). Where that is not allowed, nothing happens: root or CAP_SYS_NICE is needed.
 */
@SuppressWarnings("restricted")
public final class Priority {
    private static final int ROUND_ROBIN = 2;

    /** What it forks has the usual priority again. */
    private static final int RESET_ON_FORK = 0x40000000;

    private static final int LOWEST = 1;

    private static final MethodHandle CALL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("sched_setscheduler"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS));

    private Priority() {}

    /** Of the calling thread, which must be a platform thread. */
    public static boolean raiseOwn() {
        return raise(0);
    }

    /** Of another process; answers whether it was allowed. */
    public static boolean raise(long pid) {
        try (var arena = Arena.ofConfined()) {
            var parameter = arena.allocate(ValueLayout.JAVA_INT);
            parameter.set(ValueLayout.JAVA_INT, 0, LOWEST);
            return (int) CALL.invokeExact((int) pid, ROUND_ROBIN | RESET_ON_FORK, parameter) == 0;
        } catch (Throwable cause) {
            throw new IllegalStateException("sched_setscheduler(2) failed", cause);
        }
    }
}
