package dev.toygres.agent.files;

import dev.toygres.agent.process.ServiceUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Files that are either old or new, also after a power cut; private from their first byte. */
public final class Durable {
    private Durable() {}

    /** Replaces the file; only we may read it. */
    public static void write(Path file, String content) {
        write(file, content, _ -> {});
    }

    /** Replaces the file; only we may read it. */
    public static void write(Path file, byte[] content) {
        write(file, content, _ -> {});
    }

    /** Replaces the file; everybody may read it. */
    public static void writePublic(Path file, String content) {
        write(file, content, Durable::show);
    }

    private static void show(Path file) {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Replaces the file; only that user may read it. */
    public static void write(Path file, String content, ServiceUser user) {
        write(file, content, user::own);
    }

    private static void write(Path file, String content, Consumer<Path> beforeItShows) {
        write(file, content.getBytes(StandardCharsets.UTF_8), beforeItShows);
    }

    private static void write(Path file, byte[] content, Consumer<Path> beforeItShows) {
        var next = file.resolveSibling(file.getFileName() + ".new");
        try {
            try {
                lay(next, content);
            } catch (IOException full) {
                if (!Ballast.makeWay(file, full)) {
                    throw full;
                }
                lay(next, content);
            }
            beforeItShows.accept(next);
            move(next, file);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot write " + file, cause);
        }
    }

    private static void lay(Path next, byte[] content) throws IOException {
        Files.deleteIfExists(next);
        var privately =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = FileChannel.open(next, options, privately)) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Copies a file. */
    public static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
            sync(to);
            sync(to.resolveSibling("."));
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot copy " + from + " to " + to, cause);
        }
    }

    /** Renames within a directory, or to another place of the same file system. */
    public static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            sync(to.resolveSibling("."));
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot move " + from + " to " + to, cause);
        }
    }

    /** The content, if the file exists. */
    public static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot read " + file, cause);
        }
    }

    /** Makes sure that the directory exists with those permissions. */
    public static void directory(Path path, String permissions) {
        try {
            Files.createDirectories(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot make directory " + path, cause);
        }
    }

    /** Removes a file or a whole directory, if it exists. */
    public static void delete(Path path) {
        try {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.walkFileTree(path, new Remover());
                sync(path.resolveSibling("."));
            }
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot delete " + path, cause);
        }
    }

    public static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static final class Remover extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault)
                throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
