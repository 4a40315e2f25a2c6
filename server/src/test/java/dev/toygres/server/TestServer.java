package dev.toygres.server;

import dev.toygres.model.Secret;
import dev.toygres.server.fakes.FakeTokens;
import dev.toygres.server.fakes.FakeWiring;
import dev.toygres.server.options.CatalogueUrl;
import dev.toygres.server.options.ServerOptions;
import dev.toygres.server.wiring.MonitorWiring;
import dev.toygres.server.wiring.ServerWiring;
import dev.toygres.store.access.AccessToken;
import dev.toygres.store.access.Role;
import dev.toygres.store.access.TokenHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server on a free port with fakes behind it, and a client that speaks plain HTTP. */
final class TestServer implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Server server;

    private TestServer(Server server) {
        this.server = server;
    }

    static TestServer start() {
        return start(InetAddress.getLoopbackAddress());
    }

    static TestServer start(InetAddress address) {
        var started =
                new TestServer(
                        Server.start(
                                options(address),
                                ServerWiring.class,
                                MonitorWiring.class,
                                FakeWiring.class));
        for (Role role : Role.values()) {
            started.token(role.name(), role, Optional.empty());
        }
        return started;
    }

    static ServerOptions options(InetAddress address) {
        return new ServerOptions(
                address,
                0,
                Optional.empty(),
                Optional.empty(),
                CatalogueUrl.parse("postgresql://nobody@127.0.0.1:1/none"),
                Path.of("unused"),
                Optional.empty(),
                Path.of("unused"),
                Duration.ofSeconds(2),
                Duration.ofDays(400));
    }

    /** The value of the token with this name. */
    static String value(String name) {
        return "tg_" + name;
    }

    void token(String name, Role role, Optional<Instant> expiresAt) {
        part(FakeTokens.class)
                .add(
                        new AccessToken(
                                "tok-" + name,
                                name,
                                role,
                                Instant.now(),
                                expiresAt,
                                Optional.empty()),
                        TokenHash.of(new Secret(value(name))));
    }

    <T> T part(Class<T> type) {
        return server.part(type);
    }

    String url() {
        return server.url();
    }

    HttpClient http() {
        return http;
    }

    /** A request as nobody; add to it what it needs. */
    HttpRequest.Builder request(String method, String path, Optional<String> body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .timeout(Duration.ofSeconds(20))
                        .method(
                                method,
                                body.map(HttpRequest.BodyPublishers::ofString)
                                        .orElseGet(HttpRequest.BodyPublishers::noBody));
        return body.isPresent() ? request.header("Content-Type", "application/json") : request;
    }

    Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Answer get(String path) {
        return as("admin", "GET", path, Optional.empty());
    }

    Answer post(String path, String body) {
        return as("admin", "POST", path, Optional.of(body));
    }

    Answer post(String path) {
        return as("admin", "POST", path, Optional.empty());
    }

    Answer delete(String path) {
        return as("admin", "DELETE", path, Optional.empty());
    }

    Answer as(String token, String method, String path, Optional<String> body) {
        return send(request(method, path, body).header("Authorization", "Bearer " + value(token)));
    }

    /** Like SIGTERM. */
    void stop() {
        server.close();
    }

    @Override
    public void close() {
        server.close();
        http.shutdownNow();
    }

    /** What came back. */
    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        JsonNode json() {
            return JSON.readTree(response.body());
        }

        String code() {
            return json().path("code").asString("");
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }
    }
}
