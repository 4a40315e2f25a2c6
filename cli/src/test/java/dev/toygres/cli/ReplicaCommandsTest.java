package dev.toygres.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.client.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ReplicaCommandsTest {
    private static final String REPLICAS =
            """
            {"items": [
              {"id": "db1-m2", "state": "Streaming", "replicationMode": "Sync",
               "replicationLagMs": 0, "replicationLagBytes": 0, "promotable": true,
               "priority": 50, "size": "small", "host": "host-2", "region": "local",
               "availabilityZone": "local-b"},
              {"id": "reports", "state": "Broken", "replicationMode": "Async",
               "maxLagBytes": 1048576, "promotable": false, "priority": 50, "size": "large",
               "host": "host-3", "region": "local", "availabilityZone": "local-c",
               "trouble": "its slot was lost: rebuild it"}]}
            """;
    private static final String INSTANCE =
            """
            {"id": "db1", "state": "Running", "health": "Healthy", "postgresVersion": "15",
             "size": "small", "term": 1, "primary": "db1-m1", "host": "host-1", "region": "local",
             "availabilityZone": "local-a", "durability": "preferred", "readOnlyFallback": true, "owner": "app",
             "isolationPolicy": "Fence", "electorate": ["db1-m2"],
             "ifServersDied": "the primary goes on while it reaches host-2 (db1-m2); without it it stops within 3 s",
             "failoverRisk": {"candidate": "db1-m2", "bytesAtRisk": 0,
               "message": "db1-m2 would take over, with nothing lost"},
             "database": "app", "deletionProtection": false, "createdAt": "2026-01-01T00:00:00Z",
             "replicas": REPLICAS}
            """;
    private static final String OPERATION =
            """
            {"id": "op-1", "type": "ManualFailover", "instanceId": "db1", "state": "STATE",
             "createdAt": "2026-01-01T00:00:00Z", "progress": 0.5, "result": {}, "question": {},
             "cancellable": true}
            """;
    private static final String FAILOVER =
            """
            {"operationId": "op-1", "instanceId": "db1", "state": "Completed", "cause": "manual",
             "startedAt": "2026-01-01T00:00:00Z", "completedAt": "2026-01-01T00:00:01Z",
             "oldPrimaryId": "db1-m1", "newPrimaryId": "db1-m2", "replicationLagAtStart": 4096,
             "dataLossBytes": 0, "interruptionMs": 104,
             "proof": "the guard of db1-m1 saw it stop"}
            """;
    private static final String PLAN =
            """
            {"instanceId": "db1", "possible": true, "oldPrimaryId": "db1-m1",
             "newPrimaryId": "db1-m2", "reasons": ["7 sessions will be ended"],
             "bytesAtRisk": 4096, "expectedInterruptionMs": 110, "sessions": 7,
             "idleInTransaction": 2, "longTransactions": 1,
             "openTransactions": [{"user": "app", "application": "report", "database": "app",
               "state": "active", "ageMs": 61500}], "steps": ["checkpoint", "fence db1-m1", "promote db1-m2"]}
            """;

    @TempDir private Path home = Path.of("");
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Toy toy() {
        return new Toy(home)
                .with("TOYGRES_SERVER", server.url())
                .with("TOYGRES_TOKEN", "tg_x")
                .with("TOYGRES_HOME", home.resolve("none").toString());
    }

    private static String operation(String state) {
        return OPERATION.replace("STATE", state);
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text);
    }

    @Test
    void showsHowReplicasAreDoing() throws IOException {
        server.on("GET /api/v1/instances/db1/replicas", 200, REPLICAS)
                .on(
                        "GET /api/v1/instances/db1/replicas/reports",
                        200,
                        json(REPLICAS).path("items").path(1).toString());

        Golden.check("replica-list.txt", toy().run("replica", "list", "db1").out());
        Golden.check("replica-get.txt", toy().run("replica", "get", "db1", "reports").out());
    }

    @Test
    void getShowsReplicasAndWhatWouldBeLost() throws IOException {
        String replicas = json(REPLICAS).path("items").toString();
        server.on("GET /api/v1/instances/db1", 200, INSTANCE.replace("REPLICAS", replicas));

        Golden.check("get.txt", toy().run("get", "db1").out());
    }

    @Test
    void noReplicasSaysHowToAddOne() {
        server.on("GET /api/v1/instances/db1/replicas", 200, "{\"items\": []}");

        assertThat(toy().run("replica", "list", "db1").out())
                .isEqualTo("No replicas. Add one: toygres replica add db1 REPLICA\n");
    }

    @Test
    void addSendsWhatIsGivenAndNothingElse() {
        server.on("POST /api/v1/instances/db1/replicas", 202, operation("Running"))
                .on("GET /api/v1/operations/op-1", 200, operation("Succeeded"));

        var plain = toy().run("replica", "add", "db1", "db1-m2");
        JsonNode small = json(server.bodies().getFirst());
        toy().run(
                        "replica",
                        "add",
                        "db1",
                        "reports",
                        "--size=large",
                        "--region=local",
                        "--zone=local-c",
                        "--mode=SYNC",
                        "--max-lag=1048576",
                        "--no-promote",
                        "--priority=0",
                        "--no-wait");

        assertThat(plain.code()).isZero();
        assertThat(plain.out()).isEqualTo("db1-m2 follows db1.\n");
        assertThat(small).isEqualTo(json("{\"replicaId\": \"db1-m2\"}"));
        assertThat(json(server.lastBody()))
                .isEqualTo(
                        json(
                                """
                                {"replicaId": "reports", "replicaConfig": {"size": "large",
                                  "region": "local", "availabilityZone": "local-c",
                                  "replicationMode": "Sync", "maxLagBytes": 1048576,
                                  "promotable": false, "priority": 0}}
                                """));
    }

    @Test
    void updateSendsOnlyWhatChanges() {
        server.on(
                "PATCH /api/v1/instances/db1/replicas/db1-m2",
                200,
                json(REPLICAS).path("items").path(0).toString());

        var changed = toy().run("replica", "update", "db1", "db1-m2", "--promote");
        var nothing = toy().run("replica", "update", "db1", "db1-m2");

        assertThat(changed.code()).isZero();
        assertThat(json(server.lastBody())).isEqualTo(json("{\"promotable\": true}"));
        assertThat(nothing.code()).isEqualTo(2);
        assertThat(nothing.err()).contains("--[no-]promote, --priority, --max-lag");
    }

    @Test
    void removeAndRebuildAreLongWork() {
        server.on("GET /api/v1/instances/db1", 200, "{\"id\": \"db1\"}")
                .on("DELETE /api/v1/instances/db1/replicas/db1-m2", 202, operation("Running"))
                .on("POST /api/v1/instances/db1/replicas/db1-m2:rebuild", 202, operation("Running"))
                .on("GET /api/v1/operations/op-1", 200, operation("Succeeded"));

        assertThat(toy().run("replica", "remove", "db1", "db1-m2").out())
                .isEqualTo("db1-m2 is removed.\n");
        assertThat(toy().run("replica", "rebuild", "db1", "db1-m2").out())
                .isEqualTo("db1-m2 follows db1 again.\n");
    }

    @Test
    void faultyFieldsAreNamedAsTheUserTypedThem() {
        server.on(
                "POST /api/v1/instances/db1/replicas",
                400,
                """
                {"status": 400, "title": "T", "detail": "D", "code": "invalid-request",
                 "errors": [{"field": "replicaId", "message": "is too long"},
                   {"field": "replicaConfig.maxLagBytes", "message": "is negative"},
                   {"field": "replicaConfig.availabilityZone", "message": "is not there"}]}
                """);

        var result = toy().run("replica", "add", "db1", "r");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo(
                        """
                        toygres: REPLICA: is too long
                        toygres: --max-lag: is negative
                        toygres: --availability-zone: is not there
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "replica add db1 r --mode half, async",
        "replica add db1, REPLICA",
        "replica add db1 r --max-lag much, --max-lag",
        "replica, which of add",
        "failover db1 --old-primary burn, terminate",
        "failover db1 --sync-timeout soon, 90s",
        "create db1 --replica r:sync:a:b, NAME",
        "create db1 --replica r::b, NAME",
        "create db1 --replica :sync, NAME",
        "create db1 --replicas 2 --replica r, without --replica",
        "create db1 --replicas 1000, from 0 to",
    })
    void wrongUsageIsTwo(String line, String words) {
        var result = toy().run(line.split(" "));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains(words);
        assertThat(server.bodies()).isEmpty();
    }

    @Test
    void createMakesReplicasAlong() {
        server.on("POST /api/v1/instances", 202, operation("Pending"));

        toy().run("create", "db1", "--no-wait", "--replicas", "2", "--durability", "preferred");
        toy().run(
                        "create",
                        "db1",
                        "--no-wait",
                        "--replica=a:sync:local-b",
                        "--replica=b:local-c",
                        "--replica=c:async");

        assertThat(json(server.bodies().getFirst()))
                .isEqualTo(
                        json(
                                """
                                {"id": "db1", "durability": "preferred", "replicas":
                                  [{"replicaId": "db1-m2"}, {"replicaId": "db1-m3"}]}
                                """));
        assertThat(json(server.bodies().getLast()).path("replicas"))
                .isEqualTo(
                        json(
                                """
                                [{"replicaId": "a", "replicaConfig":
                                   {"availabilityZone": "local-b", "replicationMode": "Sync"}},
                                 {"replicaId": "b", "replicaConfig":
                                   {"availabilityZone": "local-c"}},
                                 {"replicaId": "c", "replicaConfig":
                                   {"replicationMode": "Async"}}]
                                """));
    }

    @Test
    void failoverTellsWhatItCost() throws IOException {
        server.on("POST /api/v1/instances/db1/failovers", 202, operation("Running"))
                .on("GET /api/v1/operations/op-1", 200, operation("Succeeded"))
                .on("GET /api/v1/instances/db1/failovers/op-1", 200, FAILOVER);

        var best = toy().run("failover", "db1");
        JsonNode usual = json(server.bodies().getFirst());
        toy().run(
                        "failover",
                        "db1",
                        "--to=db1-m2",
                        "--no-wait-for-sync",
                        "--sync-timeout=300s",
                        "--drain-timeout=PT10S",
                        "--old-primary=stop",
                        "--no-wait");

        assertThat(best.code()).isZero();
        Golden.check("failover.txt", best.out());
        assertThat(usual).isEqualTo(json("{}"));
        assertThat(json(server.lastBody()))
                .isEqualTo(
                        json(
                                """
                                {"targetReplicaId": "db1-m2", "options": {"waitForSync": false,
                                  "syncTimeout": "PT5M", "drainTimeout": "PT10S",
                                  "oldPrimaryAction": "StopAndRetain"}}
                                """));
    }

    @Test
    void aFailoverThatIsRefusedIsFour() {
        server.on(
                "POST /api/v1/instances/db1/failovers",
                409,
                """
                {"status": 409, "title": "T", "detail": "reports is Broken", "code": "not-ready"}
                """);

        var result = toy().run("failover", "db1", "--to", "reports");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).isEqualTo("toygres: reports is Broken\n");
    }

    @Test
    void aDryRunShowsThePlanAndItsExitCodeTellsWhetherItIsPossible() throws IOException {
        String impossible = PLAN.replace("\"possible\": true", "\"possible\": false");
        server.on("POST /api/v1/instances/db1/failovers", 200, PLAN);

        var good = toy().run("failover", "db1", "--dry-run");
        server.on("POST /api/v1/instances/db1/failovers", 200, impossible);
        var bad = toy().run("failover", "db1", "--dry-run", "-o", "json");

        assertThat(good.code()).isZero();
        Golden.check("failover-plan.txt", good.out());
        assertThat(bad.code()).isEqualTo(4);
        assertThat(json(bad.out())).isEqualTo(json(impossible));
    }

    @Test
    void listsFailoversAndShowsOne() throws IOException {
        server.on("GET /api/v1/instances/db1/failovers", 200, "{\"items\": [" + FAILOVER + "]}")
                .on("GET /api/v1/instances/db1/failovers/op-1", 200, FAILOVER);

        Golden.check("failovers.txt", toy().run("failovers", "db1").out());
        Golden.check("failover-show.txt", toy().run("failovers", "db1", "op-1").out());
        assertThat(toy().run("failovers", "db1", "op-2").code()).isEqualTo(3);
    }

    /** Durability still said "strict", and commits were on one host. */
    @Test
    void theLastSyncReplicaDoesNotGoSilently() {
        String replica =
                "{\"id\": \"db1-m2\", \"state\": \"Streaming\", \"replicationMode\": \"MODE\","
                        + " \"size\": \"small\", \"host\": \"h\", \"availabilityZone\": \"z\","
                        + " \"region\": \"local\"}";
        String instance =
                INSTANCE.replace("preferred", "strict").replace("REPLICAS", "[" + replica + "]");
        server.on("GET /api/v1/instances/db1", 200, instance.replace("MODE", "Sync"))
                .on("PATCH /api/v1/instances/db1/replicas/db1-m2", 200, replica)
                .on("DELETE /api/v1/instances/db1/replicas/db1-m2", 202, operation("Pending"));

        assertThat(toy().run("replica", "update", "db1", "db1-m2", "--mode", "async").err())
                .contains("db1-m2 was the last sync replica");
        assertThat(toy().run("replica", "remove", "db1", "db1-m2", "--no-wait").err())
                .contains("db1-m2 was the last sync replica");
        assertThat(toy().run("get", "db1").out()).doesNotContain("no sync replica");
        server.on("GET /api/v1/instances/db1", 200, instance.replace("MODE", "Async"));
        assertThat(toy().run("get", "db1").out())
                .contains("strict (no sync replica: commits on one host)");
    }
}
