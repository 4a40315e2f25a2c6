package dev.toygres.agent.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What agent and guard tell each other, in a page that both have mapped; {@code struct lease} of
 * guard.c. Times are nanoseconds of CLOCK_BOOTTIME. It lies in memory, so that no full or slow disk
 * comes between a renewal and its effect.
 */
public final class LeasePage implements AutoCloseable {
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final long SIZE = 4096;
    private static final long DEADLINE = 0;
    private static final long ENFORCED = 8;
    private static final long BEAT = 16;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment page;

    private LeasePage(FileChannel channel) throws IOException {
        page = channel.map(MapMode.READ_WRITE, 0, SIZE, arena);
    }

    /** The page of whatever works at that place; a short name that only it has. */
    public static Path of(Path place) {
        var memory = Path.of("/dev/shm");
        var sum = new CRC32();
        sum.update(place.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var name =
                "toygres-%s-%08x-%08x"
                        .formatted(
                                place.getFileName(), sum.getValue(), place.toString().hashCode());
        return Files.isDirectory(memory) ? memory.resolve(name) : place.resolveSibling(name);
    }

    /** Opens a page that the guard has made; empty when there is none. */
    public static Optional<LeasePage> open(Path file) {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return Optional.of(new LeasePage(channel));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** Opens the page, or makes it. */
    public static LeasePage make(Path file) {
        try (var channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE)) {
            return new LeasePage(channel);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot make " + file, cause);
        }
    }

    /** From now on the guard kills everything at that time; 0 takes that back. */
    public void deadline(long at) {
        write(DEADLINE, at);
    }

    public long deadline() {
        return read(DEADLINE);
    }

    /** The deadline that the guard was last seen to know. */
    public long enforced() {
        return read(ENFORCED);
    }

    /** When the guard last looked around. */
    public long beat() {
        return read(BEAT);
    }

    /** We are awake. */
    public void beat(long at) {
        write(BEAT, at);
    }

    private long read(long where) {
        return (long) WORD.getVolatile(page, where);
    }

    private void write(long where, long value) {
        WORD.setVolatile(page, where, value);
    }

    @Override
    public void close() {
        arena.close();
    }
}
