package dev.toygres.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {
    private static final String GOOD = "{\"id\": \"tok-1\", \"name\": \"x\", \"role\": \"admin\"}";

    @ParameterizedTest
    @CsvSource({
        "400, Invalid",
        "422, Invalid",
        "401, Unauthorized",
        "403, Forbidden",
        "404, NotFound",
        "409, Conflict",
        "412, Conflict",
        "429, TooManyRequests",
        "500, ServerFault"
    })
    void eachRefusalHasItsType(int status, String type) {
        String problem =
                "{\"status\": %d, \"title\": \"T\", \"detail\": \"d\", \"code\": \"c\"}"
                        .formatted(status);
        try (var server = new FakeServer().always(FakeServer.json(status, problem));
                var client = server.client()) {
            var no =
                    catchThrowableOfType(
                            ToygresException.Refusal.class, () -> client.getInstance("a"));

            assertThat(no.getClass().getSimpleName()).isEqualTo(type);
            assertThat(no.code()).isEqualTo("c");
            assertThat(no).hasMessage("d");
            assertThat(server.calls()).hasSize(1);
        }
    }

    @Test
    void badInputNamesEveryField() {
        String problem =
                """
                {"status": 400, "title": "Bad", "detail": "", "code": "invalid-request",
                 "errors": [{"field": "size", "message": "is none"},
                            {"field": "id", "message": "is too long"}]}
                """;
        try (var server = new FakeServer().always(FakeServer.json(400, problem));
                var client = server.client()) {
            var no =
                    catchThrowableOfType(
                            ToygresException.Invalid.class, () -> client.getInstance("a"));

            assertThat(no.fields())
                    .extracting(error -> error.field() + " " + error.message())
                    .containsExactly("size is none", "id is too long");
        }
    }

    @Test
    void anAnswerOfSomethingElseIsStillTold() {
        try (var server = new FakeServer().always(FakeServer.json(403, "<html>proxy</html>"));
                var client = server.client()) {
            assertThatThrownBy(() -> client.getInstance("a"))
                    .isInstanceOf(ToygresException.Forbidden.class)
                    .hasMessageContaining("status 403");
        }
    }

    @Test
    void aGoodAnswerThatIsNoneIsSaidToBeSo() {
        try (var server = new FakeServer().always(FakeServer.json(200, "hello"));
                var client = server.client()) {
            assertThatThrownBy(() -> client.getInstance("a"))
                    .isInstanceOf(ToygresException.Unintelligible.class)
                    .hasMessageContaining("GET /api/v1/instances/a");
        }
    }

    @Test
    void aBrokenConnectionIsTriedAgainUnderTheSameKey() {
        try (var server =
                        new FakeServer()
                                .then(FakeServer.hangUp(), FakeServer.json(503, ""))
                                .always(FakeServer.json(201, GOOD));
                var client = server.client()) {
            client.createJoinToken();

            var keys = server.seen().stream().map(seen -> seen.header("Idempotency-key")).toList();
            assertThat(keys).hasSize(3);
            assertThat(keys.stream().distinct()).hasSize(1);
        }
    }

    @Test
    void aServerThatStartsLateIsWaitedFor() throws InterruptedException {
        int port;
        try (var first = new FakeServer()) {
            port = first.port();
        }
        try (var client =
                ToygresClient.builder()
                        .server("http://127.0.0.1:" + port)
                        .patience(Duration.ofSeconds(10))
                        .build()) {
            var server = new FakeServer[1];
            var starter =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            Thread.sleep(300);
                                        } catch (InterruptedException e) {
                                            Thread.currentThread().interrupt();
                                        }
                                        server[0] = new FakeServer(port);
                                    });
            assertThat(client.getInstance("a")).isNotNull();
            starter.join();
            server[0].close();
        }
    }

    @Test
    void theNextServerIsAskedWhenOneIsDead() {
        try (var server = new FakeServer();
                var client =
                        ToygresClient.builder()
                                .servers(List.of("http://127.0.0.1:1", server.url()))
                                .build()) {
            assertThat(client.getInstance("a").replicas()).isEmpty();
        }
    }

    @Test
    void patienceEnds() {
        try (var client =
                ToygresClient.builder()
                        .server("http://127.0.0.1:1")
                        .patience(Duration.ofMillis(200))
                        .build()) {
            assertThatThrownBy(() -> client.getInstance("a"))
                    .isInstanceOf(ToygresException.Unavailable.class)
                    .hasMessageContaining("no answer from http://127.0.0.1:1")
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void aServerWithoutSchemeIsRefusedAtOnce() {
        assertThatThrownBy(() -> ToygresClient.builder().server("localhost:1").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("localhost:1");
    }

    @Test
    void anAuthorityThatIsNoneIsRefusedAtOnce() {
        assertThatThrownBy(
                        () ->
                                ToygresClient.builder()
                                        .server("https://localhost:1")
                                        .authority("nothing")
                                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CA");
    }
}
