package dev.toygres.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.orchestrations.failover.FailoverWish;
import dev.toygres.server.TestServer.Answer;
import dev.toygres.server.fakes.FakeAuditLog;
import dev.toygres.server.fakes.FakeFailovers;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@TestInstance(Lifecycle.PER_CLASS)
class FailoversTest {
    private static final String PATH = "/api/v1/instances/db1/failovers";
    private TestServer server;

    @BeforeAll
    void start() {
        server = TestServer.start();
        create("db1");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void create(String id) {
        server.post(
                "/api/v1/instances",
                "{\"id\": \"%s\", \"replicas\": [{\"replicaId\": \"%s-m2\"}]}".formatted(id, id));
    }

    @Test
    void startAnswersWithTheOperationWhoseIdIsTheFailovers() {
        Answer answer =
                server.post(
                        PATH,
                        """
                        {"targetReplicaId": "db1-m2", "options": {"waitForSync": false,
                         "syncTimeout": "PT1M", "oldPrimaryAction": "Terminate",
                         "drainTimeout": "PT0.5S"}}
                        """);

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        String id = answer.json().path("id").asString();
        assertThat(answer.header("Location")).hasValue("/api/v1/operations/" + id);
        assertThat(server.part(FakeFailovers.class).wishes.getFirst())
                .isEqualTo(
                        new FailoverWish(
                                Optional.of("db1-m2"),
                                Optional.of(false),
                                Optional.of(Duration.ofMinutes(1)),
                                Optional.of("Terminate"),
                                Optional.of(Duration.ofMillis(500))));
        var line = server.part(FakeAuditLog.class).last();
        assertThat(line.deed().action()).isEqualTo("failovers.start");
        assertThat(line.outcome().operationId()).hasValue(id);
        assertThat(line.outcome().detail()).isEqualTo("to db1-m2");
        JsonNode shown = server.get(PATH + "/" + id).json();
        assertThat(shown)
                .isEqualTo(
                        TestServer.JSON.readTree(
                                """
                                {"operationId": "%s", "instanceId": "db1", "state": "Completed",
                                 "cause": "manual", "startedAt": "2026-11-01T10:00:00Z",
                                 "completedAt": "2026-11-01T10:00:01Z", "oldPrimaryId": "db1-m1",
                                 "newPrimaryId": "db1-m2", "replicationLagAtStart": 4096,
                                 "dataLossBytes": 0, "interruptionMs": 123,
                                 "proof": "the guard of db1-m1 saw it stop"}
                                """
                                        .formatted(id)));
    }

    @Test
    void aDryRunShowsThePlanAndChangesNothing() {
        create("dry");
        String path = "/api/v1/instances/dry/failovers";

        Answer plan = server.post(path + "?dryRun=true", "{}");

        assertThat(plan.status()).as(plan.body()).isEqualTo(200);
        assertThat(plan.header("Location")).isEmpty();
        assertThat(plan.json())
                .isEqualTo(
                        TestServer.JSON.readTree(
                                """
                                {"instanceId": "dry", "possible": true, "oldPrimaryId": "dry-m1",
                                 "newPrimaryId": "dry-m2", "reasons": [], "bytesAtRisk": 4096,
                                 "sessions": 7, "idleInTransaction": 2, "longTransactions": 1,
                                 "openTransactions": [{"user": "app", "application": "report",
                                   "database": "app", "state": "active", "ageMs": 60000}],
                                 "steps": ["checkpoint", "fence", "promote"]}
                                """));
        assertThat(server.get(path).json().path("items")).isEmpty();
        var line = server.part(FakeAuditLog.class).last();
        assertThat(line.outcome().detail()).isEqualTo("a dry run: nothing was changed");
        assertThat(line.outcome().operationId()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?dryRun", "?dryRun=", "?dryRun=1", "?dryRun=TRUE", "?dryRun=maybe"})
    void whoMeansADryRunNeverGetsARealFailover(String query) {
        create("meant");
        String path = "/api/v1/instances/meant/failovers";

        Answer answer = server.post(path + query, "{}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().path("errors").path(0).path("field").asString())
                .isEqualTo("dryRun");
        assertThat(server.get(path).json().path("items")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"options": {"syncTimeout": "5s"}}           | options.syncTimeout      | must be an ISO-8601 duration such as PT5S
                    {"options": {"syncTimeout": 5}}              | options.syncTimeout      | must be an ISO-8601 duration such as PT5S
                    {"options": {"syncTimeout": "P1M"}}          | options.syncTimeout      | must be an ISO-8601 duration such as PT5S
                    {"options": {"syncTimeout": "PT-1S"}}        | options.syncTimeout      | must be from PT0S to PT24H
                    {"options": {"drainTimeout": "PT99999999H"}} | options.drainTimeout     | must be from PT0S to PT24H
                    {"options": {"waitForSync": "yes"}}          | options.waitForSync      | must be true or false
                    {"options": {"oldPrimaryAction": "Burn"}}    | options.oldPrimaryAction | must be one of ConvertToReplica, StopAndRetain, Terminate
                    {"options": {"force": true}}                 | options.force            | is not known here; known: drainTimeout
                    {"targetReplicaId": "nobody"}                | targetReplicaId          | is no replica
                    {"target": "db1-m2"}                         | target                   | is not known here; known: options, targetReplicaId
                    """)
    void namesTheFieldAndWhatIsWrongWithIt(String body, String field, String message) {
        for (String query : new String[] {"", "?dryRun=true"}) {
            Answer answer = server.post(PATH + query, body);

            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            JsonNode error = answer.json().path("errors").path(0);
            assertThat(error.path("field").asString()).isEqualTo(field);
            assertThat(error.path("message").asString()).startsWith(message);
        }
    }

    @Test
    void bothTimesThatAreWrongAreNamedAtOnce() {
        Answer answer =
                server.post(
                        PATH,
                        "{\"options\": {\"syncTimeout\": \"PT-1S\", \"drainTimeout\":"
                                + " \"PT25H\"}}");

        assertThat(answer.json().path("errors")).hasSize(2);
    }

    @Test
    void aNoFromTheDeskIsAConflictAndAPlanSaysWhy() {
        server.post("/api/v1/instances", "{\"id\": \"single\"}");
        String path = "/api/v1/instances/single/failovers";

        Answer refused = server.post(path, "{}");
        Answer plan = server.post(path + "?dryRun=true", "{}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("no-candidate");
        assertThat(plan.status()).isEqualTo(200);
        assertThat(plan.json().path("possible").asBoolean()).isFalse();
        assertThat(plan.json().path("reasons").path(0).asString()).contains("no replica");
    }

    @Test
    void listsNewestFirstInPages() {
        create("often");
        String path = "/api/v1/instances/often/failovers";
        for (int i = 0; i < 3; i++) {
            assertThat(server.post(path + "?dryRun=false", "{}").status()).isEqualTo(202);
        }

        JsonNode first = server.get(path + "?limit=2").json();
        String cursor = first.path("nextCursor").asString();
        JsonNode second = server.get(path + "?limit=2&cursor=" + cursor).json();

        assertThat(first.path("items")).hasSize(2);
        assertThat(second.path("items")).hasSize(1);
        assertThat(second.has("nextCursor")).isFalse();
        assertThat(first.path("items").path(0).path("operationId").asString())
                .isGreaterThan(second.path("items").path(0).path("operationId").asString());
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(server.get(PATH + "/op-none").code()).isEqualTo("failover-not-found");
        assertThat(server.get("/api/v1/instances/none/failovers").status()).isEqualTo(404);
        assertThat(server.post("/api/v1/instances/none/failovers", "{}").status()).isEqualTo(404);
    }
}
