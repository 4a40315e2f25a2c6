package dev.toygres.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.durable.StepRecord;
import dev.toygres.server.TestServer.Answer;
import dev.toygres.server.fakes.FakeOperations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OperationsTest {
    private TestServer server;
    private FakeOperations operations;

    @BeforeEach
    void start() {
        server = TestServer.start();
        operations = server.part(FakeOperations.class);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static StepRecord step(String name, String state) {
        return new StepRecord(
                0,
                name,
                "step",
                state,
                1,
                Instant.parse("2026-11-01T10:00:00Z"),
                Optional.empty(),
                Optional.of(0.5),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void housekeepingCluttersNoListUnlessAskedFor() {
        for (int i = 0; i < 3; i++) {
            operations.begin("SettleReplication", "orders");
            operations.begin("RestartInstance", "orders");
        }

        Answer first = server.get("/api/v1/operations?limit=2");
        Answer rest =
                server.get(
                        "/api/v1/operations?cursor=" + first.json().path("nextCursor").asString());

        assertThat(first.json().path("items")).hasSize(2);
        assertThat(rest.json().path("items")).hasSize(1);
        assertThat(first.body() + rest.body()).doesNotContain("SettleReplication");
        assertThat(server.get("/api/v1/operations?internal=true").json().path("items")).hasSize(6);
        assertThat(server.get("/api/v1/operations?type=SettleReplication").json().path("items"))
                .hasSize(3);
    }

    @Test
    void showsAnOperationAndItsSteps() {
        String id = operations.begin("CreateInstance", "orders");
        operations.move(id, OperationState.Succeeded, step("initdb", "Succeeded"));

        Answer operation = server.get("/api/v1/operations/" + id);
        Answer steps = server.get("/api/v1/operations/" + id + "/steps");

        assertThat(operation.json().path("result").path("instanceId").asString())
                .isEqualTo("orders");
        assertThat(steps.json().path(0).path("name").asString()).isEqualTo("initdb");
        assertThat(server.get("/api/v1/operations/none/steps").code())
                .isEqualTo("operation-not-found");
    }

    @Test
    void showsWhyItFailed() {
        String id = operations.begin("CreateInstance", "orders");
        operations.move(id, OperationState.Failed);

        assertThat(server.get("/api/v1/operations/" + id).json().path("error").asString())
                .isEqualTo("disk full");
    }

    @Test
    void filtersAndPages() {
        String wanted = operations.begin("StopInstance", "orders");
        operations.begin("CreateInstance", "other");
        operations.begin("StopInstance", "other");

        assertThat(items("?instanceId=orders")).isEqualTo(1);
        assertThat(items("?type=StopInstance")).isEqualTo(2);
        assertThat(items("?type=StopInstance&instanceId=orders&state=Pending")).isEqualTo(1);
        assertThat(items("?state=Failed")).isEqualTo(0);
        Answer first = server.get("/api/v1/operations?limit=2");
        String cursor = first.json().path("nextCursor").asString();
        Answer second = server.get("/api/v1/operations?limit=2&cursor=" + cursor);
        assertThat(second.json().path("items").path(0).path("id").asString()).isEqualTo(wanted);
    }

    private int items(String query) {
        return server.get("/api/v1/operations" + query).json().path("items").size();
    }

    @Test
    void cancelRetryAndDecideSayWhenTheyCannot() {
        String id = operations.begin("CreateInstance", "orders");
        String path = "/api/v1/operations/" + id;

        assertThat(server.post(path + ":cancel").status()).isEqualTo(202);
        assertThat(server.post(path + ":retry").code()).isEqualTo("not-failed");
        assertThat(server.post(path + ":decide", "{\"action\": \"Wait\"}").code())
                .isEqualTo("nothing-to-decide");
        operations.move(id, OperationState.NeedsDecision);
        assertThat(server.post(path + ":decide", "{}").code()).isEqualTo("invalid-request");
        assertThat(server.post(path + ":decide", "{\"action\": \"Wait\"}").status()).isEqualTo(202);
        operations.move(id, OperationState.Failed);
        assertThat(server.post(path + ":cancel").code()).isEqualTo("not-cancellable");
        assertThat(server.post(path + ":retry").status()).isEqualTo(202);
    }

    @Test
    void sendsEveryChangeUntilItIsOver() throws Exception {
        String id = operations.begin("CreateInstance", "orders");

        HttpResponse<java.io.InputStream> answer = watch(id, Optional.empty());
        try (var lines = lines(answer)) {
            assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                    .startsWith("text/event-stream");
            assertThat(until(lines, "event: operation")).last().isEqualTo("event: operation");
            operations.move(id, OperationState.Running, step("initdb", "Running"));
            List<String> second = until(lines, "id: 2");
            operations.move(id, OperationState.Succeeded, step("initdb", "Succeeded"));
            List<String> rest = rest(lines);

            assertThat(second).contains("event: step");
            assertThat(rest).anyMatch(line -> line.contains("\"state\":\"Succeeded\""));
            assertThat(rest).contains("id: 3");
        }
    }

    @Test
    void goesOnWhereAWatcherLeftOff() throws Exception {
        String id = operations.begin("CreateInstance", "orders");
        operations.move(id, OperationState.Running);
        HttpResponse<java.io.InputStream> answer = watch(id, Optional.of("2"));
        try (var lines = lines(answer)) {
            operations.move(id, OperationState.Succeeded);

            assertThat(rest(lines)).contains("id: 3").doesNotContain("id: 2");
        }
        assertThat(watch(id, Optional.of("3")).statusCode()).isEqualTo(204);
        assertThat(watch("none", Optional.empty()).statusCode()).isEqualTo(404);
        assertThat(watch(id, Optional.of("x")).statusCode()).isEqualTo(400);
    }

    @Test
    void aHundredWatchersCostOneLook() throws Exception {
        String id = operations.begin("CreateInstance", "orders");
        var watchers = new ArrayList<BufferedReader>();
        for (int i = 0; i < 100; i++) {
            BufferedReader lines = lines(watch(id, Optional.empty()));
            until(lines, "id: 1");
            watchers.add(lines);
        }
        operations.looks.set(0);
        long began = System.nanoTime();
        operations.move(id, OperationState.Succeeded);
        for (BufferedReader watcher : watchers) {
            assertThat(rest(watcher)).contains("id: 2");
        }

        long looksOfOne = (System.nanoTime() - began) / 200_000_000L + 3;
        assertThat(operations.looks.get()).isLessThanOrEqualTo((int) looksOfOne);
    }

    @Test
    void watchersDoNotHoldUpTheShutdown() throws Exception {
        String id = operations.begin("CreateInstance", "orders");
        try (var lines = lines(watch(id, Optional.empty()))) {
            until(lines, "id: 1");
            long began = System.nanoTime();

            server.stop();

            assertThat(System.nanoTime() - began).isLessThan(1_500_000_000L);
        }
    }

    private HttpResponse<java.io.InputStream> watch(String id, Optional<String> lastEventId)
            throws IOException, InterruptedException {
        var request =
                server.request("GET", "/api/v1/operations/" + id + "/events", Optional.empty())
                        .header("Authorization", "Bearer " + TestServer.value("viewer"));
        lastEventId.ifPresent(revision -> request.header("Last-Event-ID", revision));
        return server.http().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private static BufferedReader lines(HttpResponse<java.io.InputStream> answer) {
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static List<String> until(BufferedReader lines, String last) throws IOException {
        var read = new ArrayList<String>();
        String line = lines.readLine();
        while (line != null) {
            read.add(line);
            if (line.equals(last)) {
                return read;
            }
            line = lines.readLine();
        }
        throw new AssertionError("the stream ended before " + last + ": " + read);
    }

    private static List<String> rest(BufferedReader lines) throws IOException {
        var read = new ArrayList<String>();
        String line = lines.readLine();
        while (line != null) {
            read.add(line);
            line = lines.readLine();
        }
        return read;
    }
}
