package dev.toygres.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.server.TestServer.Answer;
import dev.toygres.server.fakes.FakeAbsence;
import dev.toygres.server.fakes.FakeAuditLog;
import dev.toygres.server.fakes.Outage;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@TestInstance(Lifecycle.PER_CLASS)
class ErrorsTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"id": "a", "sise": "small"}         | invalid-request | sise | is not known here; known: availabilityZone, database
                    {"id": 5}                            | invalid-request | id | must be a string
                    {"id": "a", "deletionProtection": 1} | invalid-request | deletionProtection | must be true or false
                    {"id": "a", "deletionProtection": "true"} | invalid-request | deletionProtection | must be true or false
                    {"id": "A b"}                        | invalid-request | id | must be lower-case letters
                    {}                                   | invalid-request | id | is missing
                    {"id": null}                         | invalid-request | id | is missing
                    {"id": "a"                           | malformed-json  |    | line 1
                    {"id": "a"} {}                       | invalid-request |    | one JSON object
                    [1]                                  | invalid-request |    | the body must be one JSON object
                    """)
    void namesTheFieldAndWhatIsWrongWithIt(String body, String code, String field, String message) {
        Answer answer = server.post("/api/v1/instances", body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(400);
        assertThat(answer.json().path("title").asString()).isEqualTo("Bad Request");
        assertThat(answer.code()).isEqualTo(code);
        if (field != null) {
            assertThat(answer.json().path("errors").path(0).path("field").asString())
                    .isEqualTo(field);
            assertThat(answer.json().path("errors").path(0).path("message").asString())
                    .startsWith(message);
        } else if (message != null) {
            assertThat(answer.json().path("detail").asString()).contains(message);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/instances?limit=0, limit",
        "/api/v1/instances?limit=ten, limit",
        "/api/v1/instances?limit=501, limit",
        "/api/v1/instances?cursor=%21%21, cursor",
        "/api/v1/audit?cursor=b3A, cursor",
        "/api/v1/instances?stat=Running, stat",
        "/api/v1/instances?limit=1&limit=2, limit",
        "/api/v1/operations?state=running, state",
    })
    void refusesAQueryParameterThatItDoesNotUnderstand(String path, String field) {
        Answer answer = server.get(path);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid-request");
        assertThat(answer.json().path("errors").path(0).path("field").asString()).isEqualTo(field);
    }

    @Test
    void listsTheValuesThatAStateMayHave() {
        assertThat(server.get("/api/v1/operations?state=running").body())
                .contains("Running", "NeedsDecision");
    }

    @Test
    void aBodyThatIsMissingIsAskedFor() {
        Answer answer =
                server.send(
                        server.request("POST", "/api/v1/instances", Optional.of(""))
                                .header("Authorization", "Bearer " + TestServer.value("admin")));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("missing-body");
    }

    @Test
    void unknownPathsMethodsAndMediaTypesAreProblemsToo() {
        Answer path = server.get("/api/v1/nothing");
        Answer root = server.get("/");
        Answer verb = server.post("/api/v1/instances/orders:explode");
        Answer method = server.as("admin", "PUT", "/api/v1/instances", Optional.empty());
        Answer media =
                server.send(
                        server.request("POST", "/api/v1/instances", Optional.empty())
                                .method(
                                        "POST",
                                        java.net.http.HttpRequest.BodyPublishers.ofString("id=a"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header("Authorization", "Bearer " + TestServer.value("admin")));
        Answer accept =
                server.send(
                        server.request("GET", "/api/v1/instances", Optional.empty())
                                .header("Accept", "text/html")
                                .header("Authorization", "Bearer " + TestServer.value("admin")));

        assertThat(path.status()).isEqualTo(404);
        assertThat(path.code()).isEqualTo("path-not-found");
        assertThat(root.code()).isEqualTo("path-not-found");
        assertThat(verb.status()).isIn(404, 405);
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.code()).isEqualTo("method-not-allowed");
        assertThat(method.header("Allow")).hasValue("GET, POST");
        assertThat(media.status()).isEqualTo(415);
        assertThat(media.code()).isEqualTo("unsupported-media-type");
        assertThat(accept.status()).isEqualTo(406);
        assertThat(accept.code()).isEqualTo("not-acceptable");
    }

    @Test
    void takesNoBodyLargerThanAMebibyte() {
        Answer answer =
                server.post("/api/v1/instances", "{\"id\": \"" + "a".repeat(1024 * 1024) + "\"}");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("body-too-large");
    }

    @Test
    void whatTomcatItselfRefusesIsAProblemToo() throws IOException {
        URI url = URI.create(server.url());
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream()
                    .write(
                            "GET /api/v1/inst|ances HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer)
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json", "\"code\":\"invalid-request\"");
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aFaultOfOursShowsNothingOfTheInside(CapturedOutput log) {
        Answer answer = server.post("/api/v1/instances", "{\"id\": \"bug\"}");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.code()).isEqualTo("internal-error");
        assertThat(answer.body()).contains("error id").doesNotContain("secret detail", "Exception");
        String id = answer.json().path("detail").asString().replaceAll(".* ", "");
        assertThat(log.getOut()).contains(id, "secret detail");
        assertThat(log.getOut()).contains("\"actor\":\"admin (tok-admin)\"");
        assertThat(log.getOut()).doesNotContain(TestServer.value("admin"));
        assertThat(server.part(FakeAuditLog.class).last().outcome().words())
                .isEqualTo("failed:internal-error");
    }

    @Test
    void withoutTheCatalogueItSaysSoAndIsNotReady() {
        assertThat(server.get("/actuator/health/readiness").status()).isEqualTo(200);
        server.part(Outage.class).begin();
        try {
            Answer read = server.get("/api/v1/instances");
            Answer write = server.post("/api/v1/instances", "{\"id\": \"never\"}");
            Answer ready = server.get("/actuator/health/readiness");
            Answer live = server.get("/actuator/health/liveness");

            assertThat(read.status()).isEqualTo(503);
            assertThat(read.code()).isEqualTo("catalogue-unavailable");
            assertThat(read.header("Retry-After")).isPresent();
            assertThat(write.status()).isEqualTo(503);
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.body()).contains("DOWN", "catalogue");
            assertThat(live.status()).isEqualTo(200);
        } finally {
            server.part(Outage.class).end();
        }
        assertThat(server.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(server.get("/api/v1/instances/never").status()).isEqualTo(404);
    }

    /** It would answer by what it sees, which is less than another server does. */
    @Test
    void aServerThatStandsBackSendsCallersToAnotherOne() {
        FakeAbsence absence = server.part(FakeAbsence.class);
        absence.because(Optional.of("it hears 0 hosts, and another server 3"));
        try {
            Answer read = server.get("/api/v1/instances");
            assertThat(read.status()).isEqualTo(503);
            assertThat(read.code()).isEqualTo("stands-back");
            assertThat(read.body()).contains("it hears 0 hosts, and another server 3");
            assertThat(read.header("Retry-After")).isPresent();
            assertThat(server.post("/api/v1/instances", "{\"id\": \"never\"}").status())
                    .isEqualTo(503);
            assertThat(server.get("/actuator/health/readiness").status()).isEqualTo(503);
            assertThat(server.get("/actuator/health/liveness").status()).isEqualTo(200);
        } finally {
            absence.because(Optional.empty());
        }
        assertThat(server.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(server.get("/api/v1/instances/never").status()).isEqualTo(404);
    }
}
