package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files in run/. */
final class PidFiles {
    private PidFiles() {}

    /** Those whose name starts so. */
    static List<Path> of(Home home, String prefix) {
        if (!Files.isDirectory(home.run())) {
            return List.of();
        }
        try (var files = Files.list(home.run())) {
            return files.filter(
                            file -> {
                                String name = file.getFileName().toString();
                                return name.startsWith(prefix) && name.endsWith(".pid");
                            })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot read " + home.run() + ": " + e, e);
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot remove " + file + ": " + e, e);
        }
    }
}
