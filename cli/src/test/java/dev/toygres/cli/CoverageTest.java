package dev.toygres.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.client.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every call of the OpenAPI has a command that makes it. */
class CoverageTest {
    private static final String OPERATION =
            "{\"id\": \"x\", \"type\": \"T\", \"state\": \"Running\"}";

    private static final String HEALTH_CONFIG =
            """
            {"checkInterval": "PT1S", "failureThreshold": 3, "checkTimeout": "PT1S",
             "maxEligibleLagBytes": 1, "cooldown": "PT1M", "failoversPerHour": 6,
             "leaseTtl": "PT5S", "restartTimeout": "PT10S"}
            """;

    private static final String PLAN =
            "{\"changes\": [], \"steps\": [], \"warnings\": [], \"expectedInterruptionMs\": 0}";

    /** 'host join' makes it, but after it has made a home; the end-to-end tests see it. */
    private static final Set<String> SEEN_ELSEWHERE = Set.of("POST /api/v1/hosts:join");

    @TempDir private Path home = Path.of("");

    @Test
    void noCallIsOutOfReach() throws IOException {
        try (var server =
                new FakeServer()
                        .on("GET /api/v1/instances/x", 200, "{\"id\": \"x\"}")
                        .on("GET /api/v1/instances/x/health-config", 200, HEALTH_CONFIG)
                        .on("POST /api/v1/instances/x/parameter-profile?dryRun=true", 200, PLAN)
                        .on(
                                "POST /api/v1/instances/x/parameter-changes/x:revert?dryRun=true",
                                200,
                                PLAN)
                        .on("GET /api/v1/notification-targets", 200, "{\"targets\": []}")
                        .on("GET /api/v1/backups/x", 200, "{\"id\": \"x\", \"instanceId\": \"x\"}")
                        .on("GET /api/v1/operations/x", 200, OPERATION)) {
            for (String line : Files.readAllLines(Path.of("src/test/resources/commands.txt"))) {
                new Toy(home)
                        .with("TOYGRES_SERVER", server.url())
                        .with("TOYGRES_TOKEN", "tg_x")
                        .run(line.split(" ", -1));
            }
            var made = new TreeSet<String>(SEEN_ELSEWHERE);
            server.calls().forEach(call -> made.add(pattern(call)));

            assertThat(made).containsAll(contract());
        }
    }

    private static String pattern(String call) {
        return call.replaceAll("/replicas/x\\b", "/replicas/{replicaId}")
                .replaceAll("/failovers/x\\b", "/failovers/{operationId}")
                .replaceAll("/parameter-changes/x\\b", "/parameter-changes/{changeId}")
                .replaceAll("/parameters/x\\b", "/parameters/{name}")
                .replaceAll("/secrets/x\\b", "/secrets/{name}")
                .replaceAll("/x\\b", "/{id}");
    }

    private static Set<String> contract() throws IOException {
        var calls = new TreeSet<String>();
        try (var file = CoverageTest.class.getResourceAsStream("/openapi.json")) {
            for (var path : Json.mapper().readTree(file).path("paths").properties()) {
                for (String method : path.getValue().propertyNames()) {
                    calls.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                }
            }
        }
        return calls;
    }
}
