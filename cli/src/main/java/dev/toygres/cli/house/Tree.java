package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A directory with everything in it. */
public final class Tree {
    private Tree() {}

    /** Follows no symbolic links. */
    public static void delete(Path root) {
        try (var paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot remove " + root + ": " + e, e);
        }
    }
}
