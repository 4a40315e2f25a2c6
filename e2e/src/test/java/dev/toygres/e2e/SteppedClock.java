package dev.toygres.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The wall clock of a machine of a {@link Network}, which can be set while its processes run, as an
 * administrator or a wrong time server would. What counts from the machine's start goes on as ever.
 * To be made before anything is started there: {@code ip netns exec} puts the files of {@code
 * /etc/netns/NAME} over those of the same name in {@code /etc}, which have to exist.
 */
final class SteppedClock implements AutoCloseable {
    private static final Path PRELOADED = Path.of("/etc/ld.so.preload");
    private static final Path STEP = Path.of("/etc/toygres-clock");

    private final List<Path> made = new ArrayList<>();
    private final Path step;

    SteppedClock(Network network, int machine) {
        Path files = Path.of("/etc/netns", network.namespace(machine));
        Path all = Objects.requireNonNull(files.getParent());
        boolean first = !Files.exists(all);
        try {
            Files.createDirectories(files);
            Path library = Files.createTempDirectory("toygres-clock-").resolve("stepped_clock.so");
            made.addAll(List.of(library, Objects.requireNonNull(library.getParent())));
            compile(library);
            step = files.resolve(STEP.getFileName());
            step(Duration.ZERO);
            Path preloaded = files.resolve(PRELOADED.getFileName());
            Files.writeString(preloaded, library + "\n");
            made.addAll(List.of(step, preloaded, files));
            for (Path target : List.of(PRELOADED, STEP)) {
                if (!Files.exists(target)) {
                    Files.createFile(target);
                    made.add(target);
                }
            }
            if (first) {
                made.add(all);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Path library) throws IOException {
        Path source = library.resolveSibling("stepped_clock.c");
        try (InputStream text =
                Objects.requireNonNull(
                        SteppedClock.class.getResourceAsStream("/stepped_clock.c"))) {
            Files.copy(text, source);
        }
        Command.run("cc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString());
        Files.delete(source);
        Command.run("chmod", "755", String.valueOf(library.getParent()), library.toString());
    }

    /** It is wrong by that much from now on, in all processes of the machine. */
    void step(Duration by) {
        ByteBuffer seconds =
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putLong(by.toSeconds())
                        .flip();
        try (FileChannel file =
                FileChannel.open(step, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(seconds, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first of several is closed last: it goes with what all of them need. */
    @Override
    public void close() {
        try {
            for (Path path : made) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
