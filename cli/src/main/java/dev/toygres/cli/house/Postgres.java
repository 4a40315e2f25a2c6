package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** The installed Postgres that serves as catalogue. */
final class Postgres {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private Postgres() {}

    /** Programs of the newest major. */
    static Path newest() {
        return program("", "the package postgresql is not installed");
    }

    /** Programs of the major that made this data directory. */
    static Path of(Path data) {
        try {
            String major = Files.readString(data.resolve("PG_VERSION")).strip();
            return program(
                    major,
                    "the catalogue was made by Postgres %s, which is not installed: apt-get install"
                                    .formatted(major)
                            + " postgresql-"
                            + major);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, data + " is no data directory: " + e, e);
        }
    }

    private static Path program(String major, String fault) {
        try (var majors = Files.list(DEBIAN)) {
            return majors.filter(path -> Files.isExecutable(path.resolve("bin/postgres")))
                    .filter(path -> major.isEmpty() || path.endsWith(major))
                    .max(Comparator.comparingInt(Postgres::number))
                    .map(path -> path.resolve("bin"))
                    .orElseThrow(() -> new CommandFailed(ExitCode.FAILED, fault));
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, fault, e);
        }
    }

    private static int number(Path major) {
        try {
            return Integer.parseInt(major.getFileName().toString());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
