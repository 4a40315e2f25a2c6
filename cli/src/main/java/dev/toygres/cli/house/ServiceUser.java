package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * As whom the daemons run and to whom their files belong. Postgres refuses root, so root lends them
 * a user of their own; everybody else runs them as themselves.
 */
public final class ServiceUser {
    static final String NAME = "toygres";
    private static final String PRIVATE_FILE = "rw-------";

    private final Optional<String> name;

    private ServiceUser(Optional<String> name) {
        this.name = name;
    }

    public static ServiceUser ofThisProcess() {
        try {
            boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
            return new ServiceUser(root ? Optional.of(NAME) : Optional.empty());
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "/proc is needed, and not there: " + e, e);
        }
    }

    static ServiceUser themselves() {
        return new ServiceUser(Optional.empty());
    }

    boolean isLent() {
        return name.isPresent();
    }

    /** What to put before a command, so that this user runs it. */
    List<String> prefix() {
        return name.map(
                        user ->
                                List.of(
                                        "setpriv",
                                        "--reuid=" + user,
                                        "--regid=" + user,
                                        "--clear-groups",
                                        "--"))
                .orElse(List.of());
    }

    /** Whether this user gets into the directory, whatever lies above it. */
    boolean canEnter(Path directory) {
        return Command.of(prefix(), "test", "-x", directory.toString()).succeeds();
    }

    boolean canRead(Path file) {
        return Command.of(prefix(), "test", "-r", file.toString()).succeeds();
    }

    /** Makes the directory, and those above it, for this user alone to write. */
    Path directory(Path directory, String permissions) {
        try {
            if (!Files.isDirectory(directory)) {
                Path parent = directory.getParent();
                if (parent != null && !Files.isDirectory(parent)) {
                    directory(parent, permissions);
                }
                Files.createDirectory(directory);
            }
            own(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
            return directory;
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot make " + directory + ": " + e, e);
        }
    }

    /** Writes a file that only this user may read; it is whole or not there. */
    void write(Path file, String text) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(
                    fresh,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(PRIVATE_FILE)));
            Files.writeString(
                    fresh, text, StandardCharsets.UTF_8, StandardOpenOption.TRUNCATE_EXISTING);
            own(fresh);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot write " + file + ": " + e, e);
        }
    }

    /** A log that this user may write to, and the group may read. */
    void log(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-r-----")));
            }
            own(file);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot write " + file + ": " + e, e);
        }
    }

    void own(Path file) throws IOException {
        if (name.isPresent()) {
            var users = FileSystems.getDefault().getUserPrincipalLookupService();
            Files.setOwner(file, users.lookupPrincipalByName(name.get()));
            Files.setAttribute(file, "posix:group", users.lookupPrincipalByGroupName(name.get()));
        }
    }
}
