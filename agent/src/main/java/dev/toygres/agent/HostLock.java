package dev.toygres.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One agent per host directory: two would undo each other's work. */
final class HostLock implements AutoCloseable {
    private final FileChannel channel;

    HostLock(Path host) {
        try {
            channel =
                    FileChannel.open(
                            host.resolve("agent.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!taken()) {
                throw new IllegalStateException("another agent works in " + host);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private boolean taken() throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
