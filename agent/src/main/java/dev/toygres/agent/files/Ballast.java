package dev.toygres.agent.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Room for what has to be written when there is none: terms, tokens and marks, without which no
 * order is let in, not even one to stop (S1, S5, S11). A file that makes way once, and is laid down
 * again when there is plenty.
 */
public final class Ballast {
    private static final Logger LOG = LoggerFactory.getLogger(Ballast.class);
    private static final String NAME = "ballast";
    private static final int BYTES = 1 << 20;
    private static final long PLENTY = 64L << 20;
    private static final Set<Path> PLACES = ConcurrentHashMap.newKeySet();

    private Ballast() {}

    /** Lays it down in that directory unless it lies there; where there is no room, later. */
    public static void keep(Path directory) {
        var file = directory.resolve(NAME);
        try {
            var hasRoom = Files.getFileStore(directory).getUsableSpace() > PLENTY;
            if (hasRoom && (!Files.exists(file) || Files.size(file) < BYTES)) {
                // Written, not only allotted: a hole takes no room.
                Files.write(file, new byte[BYTES]);
            }
            PLACES.add(directory);
        } catch (IOException later) {
            LOG.warn("no room is kept in {}: {}", directory, later.getMessage());
        }
    }

    /** Whether there is room for that file now, after there was none. */
    static boolean makeWay(Path file, IOException failure) {
        return isFull(failure)
                && PLACES.stream().filter(file::startsWith).anyMatch(Ballast::release);
    }

    private static boolean isFull(IOException failure) {
        var words = failure instanceof FileSystemException one ? one.getReason() : null;
        return String.valueOf(words == null ? failure.getMessage() : words)
                .contains("No space left");
    }

    private static boolean release(Path directory) {
        try {
            var released = Files.deleteIfExists(directory.resolve(NAME));
            if (released) {
                LOG.warn("{} is full: what was kept for orders is used now", directory);
            }
            return released;
        } catch (IOException stuck) {
            return false;
        }
    }
}
