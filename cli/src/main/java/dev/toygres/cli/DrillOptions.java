package dev.toygres.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a drill looks at, and how good a restore has to be. */
final class DrillOptions {
    @Option(
            names = "--query",
            paramLabel = "SQL",
            description =
                    "Count its rows and sum them, run by the owner of the database; repeatable.")
    private List<String> queries = List.of();

    @Option(
            names = "--max-restore-time",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Alert when a restore takes longer, such as 10m.")
    private @Nullable Duration restoreTime;

    @Option(
            names = "--max-data-age",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Alert when a restore would lose what was written longer ago.")
    private @Nullable Duration dataAge;

    boolean isAnyGiven() {
        return !queries.isEmpty() || restoreTime != null || dataAge != null;
    }

    Optional<List<String>> queries() {
        return queries.isEmpty() ? Optional.empty() : Optional.of(queries);
    }

    Optional<Duration> restoreTime() {
        return Optional.ofNullable(restoreTime);
    }

    Optional<Duration> dataAge() {
        return Optional.ofNullable(dataAge);
    }
}
