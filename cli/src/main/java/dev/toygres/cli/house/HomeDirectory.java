package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Predicate;

/**
 * Makes the directory of an installation, or finds it.
 *
 * <p>The service user must get into it. Where a directory above forbids that (root's own home, for
 * one), the real directory is made elsewhere and a symbolic link stands where it was asked for.
 */
final class HomeDirectory {
    private static final String PERMISSIONS = "rwxr-x---";
    private final ServiceUser user;
    private final Predicate<Path> canEnter;
    private final Path elsewhere;

    /**
     * @param canEnter whether the daemons get into a directory
     * @param elsewhere where homes are made that they could not get into
     */
    HomeDirectory(ServiceUser user, Predicate<Path> canEnter, Path elsewhere) {
        this.user = user;
        this.canEnter = canEnter;
        this.elsewhere = elsewhere;
    }

    static HomeDirectory of(ServiceUser user) {
        return new HomeDirectory(
                user,
                directory -> !user.isLent() || user.canEnter(directory),
                Path.of("/var/lib/toygres/homes"));
    }

    /** The home that is there, without making anything. */
    static Home existing(Path asked) {
        try {
            return new Home(Files.exists(asked) ? asked.toRealPath() : asked);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot read " + asked + ": " + e, e);
        }
    }

    Home prepare(Path asked) {
        try {
            if (Files.isSymbolicLink(asked) && !Files.exists(asked)) {
                throw new CommandFailed(
                        ExitCode.FAILED,
                        asked + " is a symbolic link to something that is gone: remove it");
            }
            if (Files.exists(asked) && !Files.isDirectory(asked)) {
                throw new CommandFailed(ExitCode.FAILED, asked + " is not a directory");
            }
            refuseForeign(asked);
            // Where a link leads is what counts: it may stand there because of what lies above it.
            Path wished = Files.exists(asked) ? asked.toRealPath() : asked;
            Path home = reachable(wished) ? wished : linked(wished);
            user.directory(home, PERMISSIONS);
            var made = new Home(home.toRealPath());
            for (Path part :
                    new Path[] {made.run(), made.logs(), made.directory().resolve("hosts")}) {
                user.directory(part, PERMISSIONS);
            }
            user.directory(made.secrets(), "rwx------");
            return made;
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot prepare " + asked + ": " + e, e);
        }
    }

    /** Never takes over a directory in which somebody else keeps things. */
    private static void refuseForeign(Path asked) throws IOException {
        if (isEmpty(asked)
                || Files.exists(asked.resolve("house.json"))
                || Files.isDirectory(asked.resolve("secrets"))) {
            return;
        }
        throw new CommandFailed(
                ExitCode.REFUSED,
                asked + " holds files that are not of toygres: name another directory by --home");
    }

    private boolean reachable(Path wished) {
        Path above = wished.toAbsolutePath().getParent();
        while (above != null && !Files.exists(above)) {
            above = above.getParent();
        }
        return above == null || canEnter.test(above);
    }

    private Path linked(Path asked) throws IOException {
        if (!isEmpty(asked)) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    "the user %s cannot get into %s, and it is not empty: move it, or name another"
                                    .formatted(ServiceUser.NAME, asked)
                            + " directory by --home");
        }
        Files.createDirectories(elsewhere);
        String suffix = HexFormat.of().formatHex(SecureRandom.getSeed(4));
        Path real = elsewhere.resolve(asked.getFileName() + "-" + suffix);
        Files.createDirectory(real);
        if (Files.exists(asked)) {
            Files.delete(asked);
        } else if (asked.getParent() != null) {
            Files.createDirectories(asked.getParent());
        }
        Files.createSymbolicLink(asked, real);
        return real;
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return true;
        }
        try (var entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }
}
