package dev.toygres.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.server.options.OptionReader;
import dev.toygres.server.options.ServerOptions;
import dev.toygres.server.wiring.CatalogueWiring;
import dev.toygres.server.wiring.DeskWiring;
import dev.toygres.server.wiring.MonitorWiring;
import dev.toygres.server.wiring.ServerWiring;
import dev.toygres.testkit.Eventually;
import dev.toygres.testkit.TestDatabase;
import dev.toygres.testkit.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Wired as in earnest, two servers on one real catalogue. */
@Timeout(60)
@Tag("harness")
@TestInstance(Lifecycle.PER_CLASS)
class WholeServerTest {
    private static final String TOKEN = "tg_" + "A".repeat(43);
    private static final String BODY = "{\"name\": \"ci\", \"role\": \"viewer\"}";

    private static final Duration SOON = Duration.ofSeconds(20);

    private Path home;
    private final HttpClient http = HttpClient.newHttpClient();
    private TestDatabase database;
    private Server one;
    private Server two;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        home = directory;
        database = TestPostgres.database("whole_server");
        Files.writeString(home.resolve("key"), Base64.getEncoder().encodeToString(new byte[32]));
        Files.writeString(home.resolve("token"), TOKEN + "\n");
        one = server("one");
        two = server("two");
    }

    @AfterAll
    void stop() {
        one.close();
        two.close();
        http.close();
        database.close();
    }

    private Server server(String name) {
        ServerOptions options =
                OptionReader.read(
                        List.of(
                                "--toygres.port=0",
                                "--toygres.address-file=" + home.resolve(name),
                                "--toygres.admin-token-file=" + home.resolve("token"),
                                "--toygres.master-key-file=" + home.resolve("key"),
                                "--toygres.home=" + home,
                                "--toygres.grace=PT2S"),
                        Map.of(
                                "TOYGRES_DATABASE_URL",
                                database.url().replace("jdbc:", "").replace("//", "//postgres@")));
        return Server.start(
                options,
                ServerWiring.class,
                CatalogueWiring.class,
                DeskWiring.class,
                MonitorWiring.class);
    }

    private HttpResponse<String> send(Server server, String method, String path, String key)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                method.equals("POST")
                                        ? HttpRequest.BodyPublishers.ofString(BODY)
                                        : HttpRequest.BodyPublishers.noBody());
        if (!key.isEmpty()) {
            request.header("Idempotency-Key", key);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void writesItsAddressWhereItWasTold() throws IOException {
        assertThat(Files.readString(home.resolve("one"))).isEqualTo(one.url() + "\n");
    }

    @Test
    void theFirstAdminTokenWorksOnBothAndIsNowhereInTheCatalogue() throws Exception {
        HttpResponse<String> tokens = send(two, "GET", "/api/v1/tokens", "");

        assertThat(tokens.statusCode()).isEqualTo(200);
        assertThat(tokens.body()).containsOnlyOnce("first-admin").doesNotContain(TOKEN);
    }

    @Test
    void aKeyIsOneRequestOnWhicheverServer() throws Exception {
        HttpResponse<String> first = send(one, "POST", "/api/v1/tokens", "key-1");
        HttpResponse<String> second = send(two, "POST", "/api/v1/tokens", "key-1");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.body()).contains("answer-not-kept");
        assertThat(send(two, "GET", "/api/v1/audit?limit=2", "").body())
                .contains("tokens.create", "accepted", "refused:answer-not-kept");
    }

    @Test
    void outlivesAnOutageOfTheCatalogue() throws Exception {
        TestPostgres.shared().stop();
        try {
            assertThat(send(one, "GET", "/actuator/health/readiness", "").statusCode())
                    .isEqualTo(503);
            assertThat(send(one, "GET", "/actuator/health/liveness", "").statusCode())
                    .isEqualTo(200);
            HttpResponse<String> answer = send(one, "POST", "/api/v1/tokens", "key-2");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("catalogue-unavailable");
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        } finally {
            TestPostgres.shared().start();
        }

        // The pool tries again at growing intervals.
        Eventually.within(
                SOON,
                () ->
                        assertThat(send(one, "GET", "/actuator/health/readiness", "").statusCode())
                                .isEqualTo(200));
        assertThat(send(one, "POST", "/api/v1/tokens", "key-2").statusCode()).isEqualTo(201);
    }
}
