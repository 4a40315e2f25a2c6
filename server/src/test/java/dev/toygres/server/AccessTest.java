package dev.toygres.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.server.TestServer.Answer;
import dev.toygres.server.fakes.FakeAuditLog;
import dev.toygres.server.fakes.FakeTokens;
import dev.toygres.server.fakes.Outage;
import dev.toygres.store.access.Role;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.JsonNode;

/** Who may do what. */
@TestInstance(Lifecycle.PER_CLASS)
class AccessTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** A call of the document; {@code least} is empty where it is open. */
    private record Documented(String method, String path, Optional<Role> least) {}

    @Test
    void everyCallOfTheDocumentIsOpenToItsRoleAndToNoLesserOne() {
        List<Documented> calls = documented();

        assertThat(calls).hasSizeGreaterThan(20);
        for (Documented call : calls) {
            assertThat(attempt(call, Optional.empty()).status())
                    .as(call + " by nobody")
                    .satisfies(status -> expected(status, call, Optional.empty()));
            for (Role role : Role.values()) {
                assertThat(attempt(call, Optional.of(role)).status())
                        .as(call + " by " + role)
                        .satisfies(status -> expected(status, call, Optional.of(role)));
            }
        }
    }

    private static void expected(int status, Documented call, Optional<Role> role) {
        if (call.least().isEmpty() || role.filter(r -> r.covers(call.least().get())).isPresent()) {
            assertThat(status).isNotIn(401, 403, 405, 500);
        } else {
            assertThat(status).isEqualTo(role.isEmpty() ? 401 : 403);
        }
    }

    private List<Documented> documented() {
        var calls = new ArrayList<Documented>();
        JsonNode paths = server.get("/api/v1/openapi.json").json().path("paths");
        paths.properties()
                .forEach(
                        path ->
                                path.getValue()
                                        .properties()
                                        .forEach(
                                                operation ->
                                                        calls.add(
                                                                new Documented(
                                                                        operation
                                                                                .getKey()
                                                                                .toUpperCase(
                                                                                        Locale
                                                                                                .ROOT),
                                                                        path.getKey(),
                                                                        least(
                                                                                operation
                                                                                        .getValue())))));
        return calls;
    }

    private static Optional<Role> least(JsonNode operation) {
        return operation.has("x-least-role")
                ? Optional.of(Role.valueOf(operation.path("x-least-role").asString()))
                : Optional.empty();
    }

    private Answer attempt(Documented call, Optional<Role> role) {
        Optional<String> body =
                call.method().equals("GET") ? Optional.empty() : Optional.of("{\"none\": 1}");
        var request = server.request(call.method(), call.path().replaceAll("\\{\\w+}", "x"), body);
        role.ifPresent(
                r -> request.header("Authorization", "Bearer " + TestServer.value(r.name())));
        return server.send(request);
    }

    @Test
    void healthAndTheDocumentAreOpen() {
        for (String path :
                List.of(
                        "/actuator/health",
                        "/actuator/health/readiness",
                        "/actuator/health/liveness",
                        "/openapi.json",
                        "/api/v1/openapi.json")) {
            assertThat(server.send(server.request("GET", path, Optional.empty())).status())
                    .as(path)
                    .isEqualTo(200);
        }
        assertThat(server.get("/actuator/env").status()).isEqualTo(404);
        assertThat(server.get("/actuator").status()).isEqualTo(404);
    }

    @Test
    void metricsHaveProductMeaning() {
        server.post("/api/v1/instances", "{\"id\": \"counted\"}");
        server.send(server.request("GET", "/api/v1/instances", Optional.empty()));

        String metrics =
                server.send(server.request("GET", "/actuator/prometheus", Optional.empty())).body();

        assertThat(metrics).contains("toygres_auth_failures_total{reason=\"missing\"}");
        assertThat(metrics).contains("toygres_catalogue_up");
        assertThat(metrics).doesNotContain("counted", "tok-");
    }

    @Test
    void metricsNeedATokenWhereOthersCanAsk() throws UnknownHostException {
        try (var open = TestServer.start(InetAddress.getByName("127.0.0.2"));
                var reachable = TestServer.start(InetAddress.getByName("0.0.0.0"))) {
            assertThat(metrics(open)).isEqualTo(200);
            assertThat(metrics(reachable)).isEqualTo(401);
            assertThat(
                            reachable
                                    .as("viewer", "GET", "/actuator/prometheus", Optional.empty())
                                    .status())
                    .isEqualTo(200);
        }
    }

    private static int metrics(TestServer asked) {
        return asked.send(asked.request("GET", "/actuator/prometheus", Optional.empty())).status();
    }

    @Test
    void saysWhyATokenIsNotGood() {
        server.token("old", Role.admin, Optional.of(Instant.now().minusSeconds(1)));

        Answer none = server.send(server.request("GET", "/api/v1/instances", Optional.empty()));
        Answer unknown = server.as("nobody-knows-me", "GET", "/api/v1/instances", Optional.empty());
        Answer expired = server.as("old", "GET", "/api/v1/instances", Optional.empty());
        Answer basic =
                server.send(
                        server.request("GET", "/api/v1/instances", Optional.empty())
                                .header("Authorization", "Basic YTpi"));

        assertThat(none.code()).isEqualTo("not-authenticated");
        assertThat(none.header("WWW-Authenticate")).hasValue("Bearer realm=\"toygres\"");
        assertThat(unknown.code()).isEqualTo("invalid-token");
        assertThat(expired.code()).isEqualTo("token-expired");
        assertThat(basic.status()).isEqualTo(401);
    }

    @Test
    void tenFailedLoginsAreEnoughButWhoWasGoodLatelyIsNotLockedOut() {
        try (var fresh = TestServer.start()) {
            assertThat(fresh.get("/api/v1/instances").status()).isEqualTo(200);
            for (int i = 0; i < 10; i++) {
                assertThat(attemptWith(fresh, "guess-" + i).status()).isEqualTo(401);
            }

            Answer blocked = attemptWith(fresh, "guess-10");

            assertThat(blocked.status()).isEqualTo(429);
            assertThat(blocked.code()).isEqualTo("too-many-failures");
            assertThat(blocked.header("Retry-After").map(Integer::parseInt).orElseThrow())
                    .isBetween(1, 61);
            assertThat(fresh.get("/api/v1/instances").status()).isEqualTo(200);
        }
    }

    private static Answer attemptWith(TestServer fresh, String token) {
        return fresh.as(token, "GET", "/api/v1/instances", Optional.empty());
    }

    @Test
    void badTicketsAreFailedLoginsToo() {
        String body =
                """
                {"token": "wrong", "hostId": "h", "region": "r", "availabilityZone": "z",
                 "address": {"host": "127.0.0.1", "port": 7000}, "certificateRequest": "pem"}""";
        try (var fresh = TestServer.start()) {
            for (int i = 0; i < 10; i++) {
                assertThat(join(fresh, body).code()).isEqualTo("invalid-join-token");
            }

            assertThat(join(fresh, body).status()).isEqualTo(429);
        }
    }

    private static Answer join(TestServer asked, String body) {
        return asked.send(asked.request("POST", "/api/v1/hosts:join", Optional.of(body)));
    }

    @Test
    void writesDownWhoDidWhatAndHowItEnded() {
        FakeAuditLog audit = server.part(FakeAuditLog.class);
        int before = audit.size();

        server.as("operator", "POST", "/api/v1/instances", Optional.of("{\"id\": \"noted\"}"));
        var accepted = audit.last();
        server.as("operator", "POST", "/api/v1/instances", Optional.of("{\"id\": \"noted\"}"));
        var refused = audit.last();
        server.as("viewer", "DELETE", "/api/v1/instances/noted", Optional.empty());
        var denied = audit.last();
        server.send(server.request("POST", "/api/v1/instances/noted:stop", Optional.empty()));
        var unknown = audit.last();
        server.get("/api/v1/instances/noted");

        assertThat(accepted.deed().actor()).isEqualTo("operator (tok-operator)");
        assertThat(accepted.deed().role()).isEqualTo("operator");
        assertThat(accepted.deed().action()).isEqualTo("instances.create");
        assertThat(accepted.deed().source()).isEqualTo("127.0.0.1");
        assertThat(accepted.outcome().words()).isEqualTo("accepted");
        assertThat(accepted.outcome().instanceId()).hasValue("noted");
        assertThat(accepted.outcome().operationId()).isPresent();
        assertThat(refused.outcome().words()).isEqualTo("refused:instance-exists");
        assertThat(denied.deed().actor()).isEqualTo("viewer (tok-viewer)");
        assertThat(denied.outcome().words()).isEqualTo("denied");
        assertThat(denied.outcome().detail()).isEqualTo("forbidden");
        assertThat(unknown.deed().actor()).isEqualTo("nobody");
        assertThat(unknown.outcome().words()).isEqualTo("denied");
        assertThat(audit.size()).as("reads are not written down").isEqualTo(before + 4);

        JsonNode shown = server.get("/api/v1/audit?instanceId=noted&limit=3").json();
        assertThat(shown.path("items")).hasSize(3);
        assertThat(shown.path("items").path(0).path("action").asString())
                .isEqualTo("instances.stop");
        assertThat(shown.path("nextCursor").asString("")).isNotEmpty();
    }

    @Test
    void aTokenIsShownOnceAndWorksUntilItIsRemoved() {
        Answer made = server.post("/api/v1/tokens", "{\"name\": \"ci\", \"role\": \"viewer\"}");
        String value = made.json().path("value").asString();
        String id = made.json().path("id").asString();

        assertThat(made.status()).isEqualTo(201);
        assertThat(value).matches("tg_[A-Za-z0-9_-]{43}");
        assertThat(made.header("Location")).hasValue("/api/v1/tokens/" + id);
        assertThat(server.get("/api/v1/tokens").body()).contains(id).doesNotContain(value);
        assertThat(with(value).status()).isEqualTo(200);
        assertThat(server.part(FakeTokens.class).used).contains(id);
        assertThat(server.delete("/api/v1/tokens/" + id).status()).isEqualTo(204);
        assertThat(with(value).code()).isEqualTo("invalid-token");
        assertThat(server.delete("/api/v1/tokens/" + id).status()).isEqualTo(404);
        assertThat(server.delete("/api/v1/tokens/tok-admin").code()).isEqualTo("last-admin-token");
    }

    private Answer with(String value) {
        return server.send(
                server.request("GET", "/api/v1/instances", Optional.empty())
                        .header("Authorization", "Bearer " + value));
    }

    @Test
    void saysAllThatIsWrongWithAWishForATokenAtOnce() {
        Answer answer =
                server.post(
                        "/api/v1/tokens",
                        "{\"name\": \"\", \"role\": \"root\", \"expiresAt\":"
                                + " \"2020-01-01T00:00:00Z\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors")).hasSize(3);
    }

    @Test
    void aHostJoinsWithItsTicketAlone() {
        String ticket = server.post("/api/v1/hosts/join-tokens").json().path("token").asString();
        Answer joined =
                join(
                        server,
                        """
                        {"token": "%s", "hostId": "host-9", "region": "r", "availabilityZone": "z",
                         "address": {"host": "127.0.0.1", "port": 7000}, "certificateRequest": "p"}"""
                                .formatted(ticket));

        assertThat(joined.status()).isEqualTo(200);
        assertThat(joined.json().path("authority").asString()).isEqualTo("authority");
        JsonNode host = server.get("/api/v1/hosts").json().path("items").path(0);
        assertThat(host.path("state").asString()).isEqualTo("Joining");
        assertThat(join(server, "{}").json().path("errors")).hasSizeGreaterThan(4);
        assertThat(server.delete("/api/v1/hosts/host-9").status()).isEqualTo(204);
        assertThat(server.delete("/api/v1/hosts/host-9").code()).isEqualTo("host-not-found");
    }

    @Test
    void whatCannotBeWrittenDownIsNotDone() {
        server.get("/api/v1/instances");
        server.part(Outage.class).begin();
        Answer answer = server.post("/api/v1/instances", "{\"id\": \"unseen\"}");
        server.part(Outage.class).end();

        assertThat(answer.status()).isEqualTo(503);
        assertThat(server.get("/api/v1/instances/unseen").status()).isEqualTo(404);
    }
}
