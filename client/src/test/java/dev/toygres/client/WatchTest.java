package dev.toygres.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.toygres.api.Operation;
import dev.toygres.api.OperationState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** What the server would say of the operation now. */
    private final AtomicReference<String> now = new AtomicReference<>(operation("Running", "one"));

    private final AtomicReference<FakeServer.Reply> events =
            new AtomicReference<>(FakeServer.json(404, "{\"status\": 404, \"code\": \"none\"}"));

    private FakeServer server() {
        return new FakeServer()
                .always(
                        exchange -> {
                            boolean stream = exchange.getRequestURI().getPath().endsWith("/events");
                            (stream ? events.get() : FakeServer.json(200, now.get())).to(exchange);
                        });
    }

    @Test
    void newsComesByEvents() {
        events.set(
                FakeServer.events(
                        operation("Running", "two"),
                        "{\"name\": \"a step\", \"state\": \"Done\"}",
                        operation("Succeeded", "two")));
        try (var server = server();
                var client = server.client()) {
            var seen = new ArrayList<String>();

            var last = client.watchOperation("o1").watch(LONG, o -> seen.add(words(o)));

            assertThat(last.state()).isEqualTo(OperationState.Succeeded);
            assertThat(seen).containsExactly("Running one", "Running two", "Succeeded two");
        }
    }

    @Test
    void withoutEventsItAsks() {
        try (var server = server();
                var client = server.client()) {
            var seen = new ArrayList<String>();

            client.watchOperation("o1")
                    .watch(
                            LONG,
                            operation -> {
                                seen.add(words(operation));
                                now.set(operation("Succeeded", "one"));
                            });

            assertThat(seen).containsExactly("Running one", "Succeeded one");
        }
    }

    @Test
    void aStreamThatBreaksIsOpenedAgain() {
        events.set(FakeServer.events(operation("Running", "two")));
        try (var server = server();
                var client = server.client()) {
            var last =
                    client.watchOperation("o1")
                            .await(
                                    LONG,
                                    operation -> {
                                        now.set(operation("Running", "two"));
                                        if (words(operation).equals("Running two")) {
                                            events.set(
                                                    FakeServer.events(
                                                            operation("Succeeded", "two")));
                                        }
                                    });

            assertThat(last.state()).isEqualTo(OperationState.Succeeded);
        }
    }

    @Test
    void aRestartOfTheServerIsLivedThrough() throws IOException {
        var server = server();
        var client = server.client(Duration.ofMillis(100));
        var again = new AtomicReference<FakeServer>();
        try (client) {
            var last =
                    client.watchOperation("o1")
                            .await(
                                    LONG,
                                    operation -> {
                                        if (again.get() == null) {
                                            server.close();
                                            startLater(server.port(), again);
                                        }
                                    });

            assertThat(last.state()).isEqualTo(OperationState.Succeeded);
        } finally {
            again.get().close();
        }
    }

    private void startLater(int port, AtomicReference<FakeServer> again) {
        now.set(operation("Succeeded", "one"));
        var started =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    Transport.sleep(Duration.ofMillis(700));
                                    again.set(
                                            new FakeServer(port)
                                                    .always(FakeServer.json(200, now.get())));
                                });
        assertThat(started.isAlive()).isTrue();
    }

    @Test
    void timeRunsOutButTheOperationGoesOn() {
        try (var server = server();
                var client = server.client()) {
            var late =
                    catchThrowableOfType(
                            ToygresException.TimedOut.class,
                            () -> client.watchOperation("o1").await(Duration.ofMillis(300)));

            assertThat(late.operation().state()).isEqualTo(OperationState.Running);
            assertThat(late).hasMessageContaining("o1 is still Running");
        }
    }

    @Test
    void aFailureComesWithItsReason() {
        now.set(
                operation("Failed", "one")
                        .replace("\"result\"", "\"error\": \"no room\", \"result\""));
        try (var server = server();
                var client = server.client()) {
            var failed =
                    catchThrowableOfType(
                            ToygresException.OperationFailed.class,
                            () -> client.watchOperation("o1").await(LONG));

            assertThat(failed).hasMessage("CreateInstance Failed: no room");
        }
    }

    /** With what the last answer lacked: "no reason was given" helped nobody. */
    @Test
    void aQuestionEndsTheWait() {
        now.set(
                operation("NeedsDecision", "ask")
                        .replace(
                                "\"question\": {}",
                                "\"question\": {\"why\": \"it is dead\", \"remark\": \"say how much\"}"));
        try (var server = server();
                var client = server.client()) {
            var asked =
                    catchThrowableOfType(
                            ToygresException.OperationFailed.class,
                            () -> client.watchOperation("o1").await(LONG));

            assertThat(asked.operation().state()).isEqualTo(OperationState.NeedsDecision);
            assertThat(asked).hasMessage("CreateInstance NeedsDecision: say how much");
        }
    }

    private static String words(Operation operation) {
        return operation.state() + " " + operation.currentStep().orElse("");
    }

    private static String operation(String state, String step) {
        return """
        {"id": "o1", "type": "CreateInstance", "state": "%s", "progress": 0.5, \
        "currentStep": "%s", "createdAt": "2026-01-01T00:00:00Z", "result": {}, "question": {}, \
        "cancellable": true}\
        """
                .formatted(state, step);
    }
}
