package dev.toygres.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.server.TestServer.Answer;
import dev.toygres.server.fakes.FakeHosts;
import dev.toygres.server.fakes.FakeIdempotencyKeys;
import dev.toygres.server.fakes.FakeInstances;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class IdempotencyTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Answer post(String token, String key, String path, Optional<String> body) {
        return server.send(
                server.request("POST", path, body)
                        .header("Authorization", "Bearer " + TestServer.value(token))
                        .header("Idempotency-Key", key));
    }

    private Answer create(String token, String key, String id) {
        return post(token, key, "/api/v1/instances", Optional.of("{\"id\": \"" + id + "\"}"));
    }

    @Test
    void aRepeatGetsTheFirstAnswerAgain() {
        Answer first = create("admin", "k-1", "once");
        Answer second = create("admin", "k-1", "once");

        assertThat(first.status()).isEqualTo(202);
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("Content-Type")).isEqualTo(first.header("Content-Type"));
        assertThat(second.header("Idempotency-Replayed")).hasValue("true");
    }

    /**
     * The server was killed between starting it and answering; half a minute later it ran again.
     */
    @Test
    void aRepeatFindsTheOperationWhoseFirstAnswerWasLost() {
        Answer first = create("admin", "k-lost", "lost");
        String location = first.header("Location").orElseThrow();
        server.part(FakeIdempotencyKeys.class)
                .answerLost(location.substring(location.lastIndexOf('/') + 1));

        Answer second = create("admin", "k-lost", "lost");

        assertThat(second.status()).isEqualTo(202);
        assertThat(second.header("Location")).hasValue(location);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Idempotency-Replayed")).hasValue("true");
    }

    @Test
    void aRefusalIsRepeatedToo() {
        create("admin", "k-2", "refusal");

        Answer first = create("admin", "k-3", "refusal");
        Answer second = create("admin", "k-3", "refusal");

        assertThat(first.status()).isEqualTo(409);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void oneKeyIsOneRequest() {
        create("admin", "k-4", "mine");

        Answer otherBody = create("admin", "k-4", "other");
        Answer otherPath = post("admin", "k-4", "/api/v1/instances/mine:stop", Optional.empty());
        Answer otherToken = create("operator", "k-4", "theirs");

        assertThat(otherBody.status()).isEqualTo(422);
        assertThat(otherBody.code()).isEqualTo("idempotency-key-reused");
        assertThat(otherPath.status()).isEqualTo(422);
        assertThat(otherToken.status()).isEqualTo(202);
    }

    @Test
    void twinsAtTheSameTimeGetOneAnswer() throws Exception {
        var gate = new CountDownLatch(1);
        server.part(FakeInstances.class).gate.set(gate);
        try (var twins = Executors.newVirtualThreadPerTaskExecutor()) {
            var one = twins.submit(() -> create("admin", "k-5", "twin"));
            var two = twins.submit(() -> create("admin", "k-5", "twin"));
            gate.countDown();

            assertThat(one.get().status()).isEqualTo(202);
            assertThat(two.get().body()).isEqualTo(one.get().body());
        }
    }

    @Test
    void aFaultOfOursIsTriedAgain() {
        Answer first = create("admin", "k-6", "bug");
        Answer second = create("admin", "k-6", "bug");

        assertThat(first.status()).isEqualTo(500);
        assertThat(second.header("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void keepsNoSecret() {
        String body = "{\"name\": \"kept\", \"role\": \"viewer\"}";

        Answer token = post("admin", "k-7", "/api/v1/tokens", Optional.of(body));
        Answer again = post("admin", "k-7", "/api/v1/tokens", Optional.of(body));
        post("admin", "k-8", "/api/v1/hosts/join-tokens", Optional.empty());
        Answer ticket = post("admin", "k-8", "/api/v1/hosts/join-tokens", Optional.empty());

        assertThat(token.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("answer-not-kept");
        assertThat(ticket.code()).isEqualTo("answer-not-kept");
        assertThat(server.part(FakeIdempotencyKeys.class).dump())
                .doesNotContain(token.json().path("value").asString(), FakeHosts.TICKET);
    }

    @Test
    void refusesAKeyThatIsNone() {
        assertThat(create("admin", "with space", "x").code()).isEqualTo("invalid-idempotency-key");
        assertThat(create("admin", "k".repeat(256), "x").status()).isEqualTo(400);
    }
}
