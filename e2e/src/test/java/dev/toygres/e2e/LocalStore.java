package dev.toygres.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for backups, to which the hosts' service user may write, whoever runs the tests. */
final class LocalStore implements AutoCloseable {
    private final Path directory;

    LocalStore() throws IOException {
        this(Files.createTempDirectory("toygres-store"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    LocalStore(Path directory) {
        this.directory = directory;
    }

    Path of(String id) {
        return directory.resolve(id);
    }

    /** The files of an instance whose paths match. */
    List<Path> files(String id, String pattern) {
        try (Stream<Path> files = Files.walk(of(id))) {
            return files.filter(Files::isRegularFile)
                    .filter(one -> one.toString().matches(pattern))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a disk does it: one bit, in the middle of the largest file below a directory. */
    static void flip(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Path largest =
                    files.filter(Files::isRegularFile)
                            .max(Comparator.comparingLong(file -> file.toFile().length()))
                            .orElseThrow();
            byte[] bytes = Files.readAllBytes(largest);
            bytes[bytes.length / 2] ^= 1;
            Files.write(largest, bytes);
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
