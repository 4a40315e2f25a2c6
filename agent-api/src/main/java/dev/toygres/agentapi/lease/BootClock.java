package dev.toygres.agentapi.lease;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CLOCK_BOOTTIME in nanoseconds: goes on while the machine sleeps, and nobody can set it (S2). Two
 * readings compare only within one boot; see <a
 * href="https://man7.org/linux/man-pages/man2/clock_gettime.2.html">clock_gettime</a>.
 */
@FunctionalInterface
public interface BootClock {

    /** Nanoseconds since this machine started. */
    long now();

    /** The machine's own. */
    static BootClock system() {
        return Native::now;
    }

    /** Names this boot of this machine; a pod has that of its node, whose clock it shares. */
    static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException cause) {
            throw new UncheckedIOException("no boot id: leases need Linux", cause);
        }
    }

    /** The call itself. */
    @SuppressWarnings("restricted")
    final class Native {
        private static final int CLOCK_BOOTTIME = 7;
        private static final MethodHandle CALL =
                Linker.nativeLinker()
                        .downcallHandle(
                                Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.ADDRESS));

        private Native() {}

        private static long now() {
            try (var arena = Arena.ofConfined()) {
                var time = arena.allocate(16, 8);
                if ((int) CALL.invokeExact(CLOCK_BOOTTIME, time) != 0) {
                    throw new IllegalStateException("there is no CLOCK_BOOTTIME here");
                }
                return time.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
                        + time.get(ValueLayout.JAVA_LONG, 8);
            } catch (RuntimeException fault) {
                throw fault;
            } catch (Throwable cause) {
                throw new IllegalStateException("clock_gettime(2) failed", cause);
            }
        }
    }
}
