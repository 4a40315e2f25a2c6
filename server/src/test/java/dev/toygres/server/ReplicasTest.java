package dev.toygres.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.server.TestServer.Answer;
import dev.toygres.server.fakes.FakeAuditLog;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@TestInstance(Lifecycle.PER_CLASS)
class ReplicasTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = TestServer.start();
        server.post("/api/v1/instances", "{\"id\": \"db1\"}");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Answer add(String body) {
        return server.post("/api/v1/instances/db1/replicas", body);
    }

    @Test
    void addAnswersWithTheOperationAndIsWrittenDown() {
        Answer answer =
                add(
                        """
                        {"replicaId": "full", "replicaConfig": {"size": "large", "region": "local",
                         "availabilityZone": "local-c", "replicationMode": "Sync",
                         "maxLagBytes": 1048576, "promotable": false, "priority": 7}}
                        """);

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.header("Location"))
                .hasValue("/api/v1/operations/" + answer.json().path("id").asString());
        assertThat(answer.json().path("instanceId").asString()).isEqualTo("db1");
        var line = server.part(FakeAuditLog.class).last();
        assertThat(line.deed().action()).isEqualTo("replicas.add");
        assertThat(line.deed().instanceId()).hasValue("db1");
        assertThat(line.outcome().detail()).isEqualTo("replica full");
        assertThat(server.get("/api/v1/instances/db1/replicas/full").json())
                .isEqualTo(
                        TestServer.JSON.readTree(
                                """
                                {"id": "full", "state": "Streaming", "replicationMode": "Sync",
                                 "replicationLagMs": 12, "replicationLagBytes": 4096,
                                 "maxLagBytes": 1048576, "promotable": false, "priority": 7,
                                 "size": "large", "host": "host-2", "region": "local",
                                 "availabilityZone": "local-c"}
                                """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                                                    | replicaId                     | is missing
                    {"replicaId": "A b"}                                  | replicaId                     | must be lower-case
                    {"replicaId": "r", "size": "small"}                   | size                          | is not known here; known: replicaConfig, replicaId
                    {"replicaId": "r", "replicaConfig": 5}                | replicaConfig                 | must be an object
                    {"replicaId": "r", "replicaConfig": {"zone": "a"}}    | replicaConfig.zone            | is not known here; known: availabilityZone
                    {"replicaId": "r", "replicaConfig": {"size": "huge"}} | replicaConfig.size            | must be one of nano, micro
                    {"replicaId": "r", "replicaConfig": {"replicationMode": "sync"}} | replicaConfig.replicationMode | must be one of Async, Sync
                    {"replicaId": "r", "replicaConfig": {"priority": 101}} | replicaConfig.priority       | must be from 0 to 100
                    {"replicaId": "r", "replicaConfig": {"priority": "9"}} | replicaConfig.priority       | must be a whole number
                    {"replicaId": "r", "replicaConfig": {"maxLagBytes": 1.5}} | replicaConfig.maxLagBytes | must be a whole number
                    {"replicaId": "r", "replicaConfig": {"priority": 99999999999}} | replicaConfig.priority | is out of range
                    {"replicaId": "r", "replicaConfig": {"region": "mars"}} | replicaConfig.region        | has no host
                    """)
    void namesTheFieldAndWhatIsWrongWithIt(String body, String field, String message) {
        Answer answer = add(body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        JsonNode error = answer.json().path("errors").path(0);
        assertThat(error.path("field").asString()).isEqualTo(field);
        assertThat(error.path("message").asString()).startsWith(message);
    }

    @Test
    void createTakesReplicasAndDurability() {
        Answer created =
                server.post(
                        "/api/v1/instances",
                        """
                        {"id": "trio", "durability": "preferred", "replicas": [{"replicaId": "t2"},
                         {"replicaId": "t3", "replicaConfig": {"replicationMode": "Sync"}}]}
                        """);
        JsonNode shown = server.get("/api/v1/instances/trio").json();

        assertThat(created.status()).isEqualTo(202);
        assertThat(shown.path("durability").asString()).isEqualTo("preferred");
        assertThat(shown.path("replicas").path(1).path("replicationMode").asString())
                .isEqualTo("Sync");
        assertThat(shown.path("failoverRisk"))
                .isEqualTo(
                        TestServer.JSON.readTree(
                                """
                                {"candidate": "t2", "bytesAtRisk": 4096,
                                 "message": "t2 would take over"}
                                """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "durability": "maximal"                              | durability                        | must be one of strict, preferred
                    "replicas": {}                                       | replicas                          | must be a list
                    "replicas": [null]                                   | replicas[0]                       | is missing
                    "replicas": [{"replicaId": "a"}, {}]                 | replicas[1].replicaId             | is missing
                    "replicas": [{"replicaId": "a", "x": 1}]             | replicas[0].x                     | is not known here
                    "replicas": [{"replicaId": "a"}, {"replicaId": "b", "replicaConfig": {"size": "huge"}}] | replicas[1].replicaConfig.size | must be one of nano
                    """)
    void createNamesTheReplicaThatIsWrong(String part, String field, String message) {
        Answer answer = server.post("/api/v1/instances", "{\"id\": \"never\", " + part + "}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        JsonNode error = answer.json().path("errors").path(0);
        assertThat(error.path("field").asString()).isEqualTo(field);
        assertThat(error.path("message").asString()).startsWith(message);
        assertThat(server.get("/api/v1/instances/never").status()).isEqualTo(404);
    }

    @Test
    void listsInPages() {
        server.post(
                "/api/v1/instances",
                """
                {"id": "many", "replicas":
                 [{"replicaId": "a"}, {"replicaId": "b"}, {"replicaId": "c"}]}
                """);

        JsonNode first = server.get("/api/v1/instances/many/replicas?limit=2").json();
        String cursor = first.path("nextCursor").asString();
        JsonNode second = server.get("/api/v1/instances/many/replicas?cursor=" + cursor).json();

        assertThat(first.path("items")).hasSize(2);
        assertThat(second.path("items").path(0).path("id").asString()).isEqualTo("c");
        assertThat(second.has("nextCursor")).isFalse();
    }

    @Test
    void changesOnlyWhatIsGiven() {
        add("{\"replicaId\": \"tuned\"}");

        Answer changed = patch("tuned", "{\"priority\": 0, \"maxLagBytes\": 9}");
        Answer nothing = patch("tuned", "{}");
        Answer other = patch("tuned", "{\"size\": \"large\"}");
        Answer sync = patch("tuned", "{\"replicationMode\": \"Sync\", \"unboundedLag\": true}");
        Answer both = patch("tuned", "{\"maxLagBytes\": 9, \"unboundedLag\": true}");
        Answer gone = patch("nobody", "{\"priority\": 1}");

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("priority").asInt()).isZero();
        assertThat(changed.json().path("maxLagBytes").asLong()).isEqualTo(9);
        assertThat(changed.json().path("promotable").asBoolean()).isTrue();
        assertThat(nothing.status()).isEqualTo(400);
        assertThat(nothing.json().path("detail").asString()).contains("priority", "maxLagBytes");
        assertThat(other.status()).isEqualTo(400);
        assertThat(sync.json().path("replicationMode").asString()).isEqualTo("Sync");
        assertThat(sync.json().has("maxLagBytes")).isFalse();
        assertThat(both.status()).isEqualTo(400);
        assertThat(gone.code()).isEqualTo("replica-not-found");
    }

    private Answer patch(String replica, String body) {
        return server.as(
                "operator",
                "PATCH",
                "/api/v1/instances/db1/replicas/" + replica,
                Optional.of(body));
    }

    @Test
    void removeAndRebuildAreOperations() {
        add("{\"replicaId\": \"brief\"}");
        String path = "/api/v1/instances/db1/replicas/brief";

        Answer rebuilt = server.post(path + ":rebuild");
        var rebuild = server.part(FakeAuditLog.class).last();
        Answer removed = server.delete(path);
        var remove = server.part(FakeAuditLog.class).last();

        assertThat(rebuilt.json().path("type").asString()).isEqualTo("RebuildReplica");
        assertThat(rebuild.deed().action()).isEqualTo("replicas.rebuild");
        assertThat(removed.json().path("type").asString()).isEqualTo("RemoveReplica");
        assertThat(remove.deed().action()).isEqualTo("replicas.remove");
        assertThat(server.get(path).code()).isEqualTo("replica-not-found");
        assertThat(server.post(path + ":rebuild").status()).isEqualTo(404);
        assertThat(server.get("/api/v1/instances/none/replicas").code())
                .isEqualTo("instance-not-found");
    }

    @Test
    void aRepeatWithItsKeyAddsOnce() {
        for (int i = 0; i < 2; i++) {
            Answer answer =
                    server.send(
                            server.request(
                                            "POST",
                                            "/api/v1/instances/db1/replicas",
                                            Optional.of("{\"replicaId\": \"once\"}"))
                                    .header("Authorization", "Bearer " + TestServer.value("admin"))
                                    .header("Idempotency-Key", "add-once"));

            assertThat(answer.status()).isEqualTo(202);
        }
        assertThat(add("{\"replicaId\": \"once\"}").code()).isEqualTo("name-in-use");
    }
}
