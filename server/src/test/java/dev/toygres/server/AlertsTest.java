package dev.toygres.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.AlertSeverity;
import dev.toygres.server.TestServer.Answer;
import dev.toygres.server.fakes.FakeAlerts;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** R3.26-R3.30, R3.53-R3.54 over REST. */
@TestInstance(Lifecycle.PER_CLASS)
class AlertsTest {
    private static final String TARGETS = "/api/v1/notification-targets";
    private TestServer server;

    @BeforeAll
    void start() {
        server = TestServer.start();
        for (int i = 0; i < 3; i++) {
            server.part(FakeAlerts.class).raise("pg-" + i, AlertSeverity.Warning);
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void listsNewestFirstInPagesAndFiltered() {
        Answer first = server.get("/api/v1/alerts?limit=2");
        String cursor = first.json().path("nextCursor").asString();
        Answer second = server.get("/api/v1/alerts?cursor=" + cursor);
        Answer of = server.get("/api/v1/alerts?instanceId=pg-1&severity=Warning");

        assertThat(first.json().path("items").path(0).path("id").asString()).isEqualTo("3");
        assertThat(second.json().path("items")).hasSize(1);
        assertThat(of.json().path("items")).hasSize(1);
        assertThat(of.json().path("items").path(0).path("evidence").path("host").asString())
                .isEqualTo("host-1");
        assertThat(server.get("/api/v1/alerts?state=sleeping").status()).isEqualTo(400);
    }

    @Test
    void acknowledgesInTheNameOfTheCaller() {
        Answer answer = server.post("/api/v1/alerts/1:acknowledge");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("state").asString()).isEqualTo("acknowledged");
        assertThat(answer.json().path("acknowledgedBy").asString()).contains("admin");
        assertThat(server.post("/api/v1/alerts/99:acknowledge").code())
                .isEqualTo("alert-not-found");
    }

    @Test
    void replacesTheTargetsThatWereReadAndShowsNoSecret() {
        String etag = server.get(TARGETS).header("ETag").orElseThrow();
        String body =
                """
                {"targets": [{"name": "pager", "kind": "Webhook", "url": "http://127.0.0.1:1/",
                    "secret": "0123456789abcdef"}]}
                """;

        Answer changed = put(body, etag);
        Answer stale = put(body, etag);

        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        assertThat(changed.body()).doesNotContain("0123456789abcdef");
        assertThat(changed.json().path("targets").path(0).path("hasSecret").asBoolean()).isTrue();
        assertThat(stale.status()).isEqualTo(412);
        assertThat(put("{\"targets\": [{\"kind\": \"Log\"}, null]}", "*").json().path("errors"))
                .hasSize(2);
        assertThat(server.post(TARGETS + "/pager:test").json().path("state").asString())
                .isEqualTo("Delivered");
        assertThat(server.post(TARGETS + "/nobody:test").code()).isEqualTo("target-not-found");
        assertThat(server.get(TARGETS + "/pager/deliveries").json().path("items")).hasSize(1);
    }

    private Answer put(String body, String ifMatch) {
        return server.send(
                server.request("PUT", TARGETS, Optional.of(body))
                        .header("If-Match", ifMatch)
                        .header("Authorization", "Bearer " + TestServer.value("admin")));
    }
}
