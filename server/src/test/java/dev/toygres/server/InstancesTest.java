package dev.toygres.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.server.TestServer.Answer;
import dev.toygres.server.fakes.FakeAuditLog;
import dev.toygres.server.fakes.FakeInstances;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class InstancesTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void createAnswersWithTheOperationAndWhereToWatchIt() {
        Answer answer = server.post("/api/v1/instances", "{\"id\": \"orders\"}");

        assertThat(answer.status()).isEqualTo(202);
        String operation = answer.json().path("id").asString();
        assertThat(answer.header("Location")).hasValue("/api/v1/operations/" + operation);
        assertThat(answer.json().path("instanceId").asString()).isEqualTo("orders");
        assertThat(answer.json().path("state").asString()).isEqualTo("Pending");
        assertThat(answer.json().has("error")).isFalse();
    }

    @Test
    void listsInPagesThatNeitherSkipNorRepeat() {
        for (int i = 0; i < 5; i++) {
            server.post("/api/v1/instances", "{\"id\": \"page-" + i + "\"}");
        }

        Answer first = server.get("/api/v1/instances?limit=2");
        String cursor = first.json().path("nextCursor").asString();
        Answer second = server.get("/api/v1/instances?limit=500&cursor=" + cursor);

        assertThat(first.json().path("items")).hasSize(2);
        assertThat(second.json().has("nextCursor")).isFalse();
        String lastOfFirst = first.json().path("items").path(1).path("id").asString();
        String firstOfSecond = second.json().path("items").path(0).path("id").asString();
        assertThat(firstOfSecond).isGreaterThan(lastOfFirst);
    }

    @Test
    void changesOnlyWhatTheCallerHasSeen() {
        server.post("/api/v1/instances", "{\"id\": \"guarded\"}");
        String etag = server.get("/api/v1/instances/guarded").header("ETag").orElseThrow();

        Answer changed = patch("guarded", Optional.of(etag));
        Answer stale = patch("guarded", Optional.of(etag));
        Answer blind = patch("guarded", Optional.empty());
        Answer whatever = patch("guarded", Optional.of("*"));
        Answer garbled = patch("guarded", Optional.of("7"));

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("deletionProtection").asBoolean()).isTrue();
        assertThat(changed.header("ETag")).isNotEqualTo(Optional.of(etag));
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.code()).isEqualTo("changed-meanwhile");
        assertThat(blind.status()).isEqualTo(428);
        assertThat(blind.code()).isEqualTo("precondition-required");
        assertThat(whatever.status()).isEqualTo(200);
        assertThat(garbled.status()).isEqualTo(400);
    }

    private Answer patch(String id, Optional<String> ifMatch) {
        var request =
                server.request(
                                "PATCH",
                                "/api/v1/instances/" + id,
                                Optional.of("{\"deletionProtection\": true}"))
                        .header("Authorization", "Bearer " + TestServer.value("operator"));
        ifMatch.ifPresent(etag -> request.header("If-Match", etag));
        return server.send(request);
    }

    @Test
    void showsTheWayInWithEverythingEncodedAndWritesDownWhoLooked() {
        server.post("/api/v1/instances", "{\"id\": \"secretive\"}");

        Answer answer = server.get("/api/v1/instances/secretive/credentials");

        assertThat(answer.json().path("password").asString()).isEqualTo(FakeInstances.PASSWORD);
        URI uri = URI.create(answer.json().path("connectionString").asString());
        assertThat(uri.getUserInfo()).isEqualTo("app:" + FakeInstances.PASSWORD);
        assertThat(uri.getPort()).isEqualTo(6001);
        var line = server.part(FakeAuditLog.class).last();
        assertThat(line.deed().action()).isEqualTo("credentials.read");
        assertThat(line.deed().instanceId()).hasValue("secretive");
        assertThat(line.outcome().words()).isEqualTo("accepted");
        assertThat(server.get("/api/v1/instances/secretive").body())
                .doesNotContain(FakeInstances.PASSWORD);
    }

    @Test
    void stopRestartAndDeleteAreOperationsToo() {
        server.post("/api/v1/instances", "{\"id\": \"busy\"}");

        assertThat(server.post("/api/v1/instances/busy:stop").status()).isEqualTo(202);
        assertThat(server.post("/api/v1/instances/busy:restart").status()).isEqualTo(202);
        assertThat(server.delete("/api/v1/instances/busy").status()).isEqualTo(202);
    }

    @Test
    void saysWhichOperationIsInTheWay() {
        server.post("/api/v1/instances", "{\"id\": \"taken\"}");

        Answer answer = server.post("/api/v1/instances/taken:start");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("operation-in-progress");
        assertThat(answer.body()).contains("op-0042");
    }

    @Test
    void anInstanceThatIsNotThereIsNotFound() {
        assertThat(server.get("/api/v1/instances/nowhere").code()).isEqualTo("instance-not-found");
        assertThat(server.post("/api/v1/instances/nowhere:stop").status()).isEqualTo(404);
    }
}
