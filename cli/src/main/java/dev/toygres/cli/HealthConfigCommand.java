package dev.toygres.cli;

import dev.toygres.api.HealthConfigRequest;
import dev.toygres.api.HealthMonitorConfig;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres health-config}. */
@Command(
        name = "health-config",
        description = {
            "Show how an instance is watched, or change it.",
            "What is not given stays as it is. Times: 500ms, 90s, 10m, 2h; bytes: 16MB."
        })
final class HealthConfigCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(
            names = "--check-interval",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Between two checks of a member.")
    private @Nullable Duration checkInterval;

    @Option(
            names = "--failure-threshold",
            paramLabel = "N",
            description = "Failed checks in a row that count as a failure.")
    private @Nullable Integer failureThreshold;

    @Option(
            names = "--check-timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Of each check.")
    private @Nullable Duration checkTimeout;

    @Option(
            names = "--max-eligible-lag",
            paramLabel = "BYTES",
            converter = Bytes.class,
            description = "Further behind than this a replica does not take over by itself.")
    private @Nullable Long maxEligibleLag;

    @Option(
            names = "--custom-check",
            paramLabel = "SQL",
            description = "A query that must pass; an empty text: none.")
    private @Nullable String customCheck;

    @Option(
            names = "--custom-check-counts",
            negatable = true,
            fallbackValue = "true",
            description =
                    "Whether one that fails counts towards a failover; else it is an alert only.")
    private @Nullable Boolean customCheckCounts;

    @Option(
            names = "--cooldown",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "The least time between two automatic failovers.")
    private @Nullable Duration cooldown;

    @Option(
            names = "--failovers-per-hour",
            paramLabel = "N",
            description = "The most automatic failovers within any hour; 0: never.")
    private @Nullable Integer failoversPerHour;

    @Option(
            names = "--lease-ttl",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How long a primary may commit without a renewal.")
    private @Nullable Duration leaseTtl;

    @Option(
            names = "--restart-timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How long a dead primary on a living host is waited for.")
    private @Nullable Duration restartTimeout;

    HealthConfigCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var client = session.client();
        var output = session.output();
        var now = client.getHealthConfig(id);
        output.print(
                changes() ? client.putHealthConfig(id, request(now)) : now,
                config -> print(config, output));
    }

    private boolean changes() {
        return Stream.of(
                        checkInterval,
                        failureThreshold,
                        checkTimeout,
                        maxEligibleLag,
                        customCheck,
                        customCheckCounts,
                        cooldown,
                        failoversPerHour,
                        leaseTtl,
                        restartTimeout)
                .anyMatch(Objects::nonNull);
    }

    private HealthConfigRequest request(HealthMonitorConfig now) {
        return new HealthConfigRequest(
                or(checkInterval, now.checkInterval()),
                or(failureThreshold, now.failureThreshold()),
                or(checkTimeout, now.checkTimeout()),
                or(maxEligibleLag, now.maxEligibleLagBytes()),
                customCheck == null
                        ? now.customCheck()
                        : Optional.of(customCheck).filter(query -> !query.isEmpty()),
                or(customCheckCounts, now.customCheckCounts()),
                or(cooldown, now.cooldown()),
                or(failoversPerHour, now.failoversPerHour()),
                or(leaseTtl, now.leaseTtl()),
                or(restartTimeout, now.restartTimeout()));
    }

    private static <T> Optional<T> or(@Nullable T given, T now) {
        return Optional.of(given == null ? now : given);
    }

    private static void print(HealthMonitorConfig config, Output output) {
        Table.facts()
                .row("Check interval", config.checkInterval())
                .row("Failure threshold", config.failureThreshold())
                .row("Check timeout", config.checkTimeout())
                .row("Max eligible lag", Output.bytes(config.maxEligibleLagBytes()))
                .row("Custom check", config.customCheck().orElse("none"))
                .row(
                        "Counts",
                        config.customCheckCounts()
                                ? "a custom check that fails counts towards a failover"
                                : "a custom check that fails is an alert only")
                .row("Cooldown", config.cooldown())
                .row("Failovers per hour", config.failoversPerHour())
                .row("Lease TTL", config.leaseTtl())
                .row("Restart timeout", config.restartTimeout())
                .print(output);
    }
}
