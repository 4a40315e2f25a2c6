package dev.toygres.client;

import dev.toygres.api.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * Sends calls and tries again.
 *
 * <p>Every call may be sent twice: reads because they change nothing, the others because they carry
 * an Idempotency-Key, under which the server does them once. So a connection that breaks, or a
 * server that is just starting, is waited for within {@code patience}, at the next server of the
 * list if there are several.
 */
final class Transport implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final HttpClient http;
    private final List<URI> servers;
    private final String token;
    private final Duration answerTimeout;
    private final Duration patience;
    private final AtomicInteger current = new AtomicInteger();

    Transport(
            HttpClient http,
            List<URI> servers,
            String token,
            Duration answerTimeout,
            Duration patience) {
        this.http = http;
        this.servers = List.copyOf(servers);
        this.token = token;
        this.answerTimeout = answerTimeout;
        this.patience = patience;
    }

    <T> T send(Call call, TypeReference<T> type) {
        return read(call, send(call), type);
    }

    <T> T read(Call call, Answer answer, TypeReference<T> type) {
        try {
            return Json.mapper().readValue(answer.body(), type);
        } catch (JacksonException e) {
            throw new ToygresException.Unintelligible(
                    call + ": the answer is not what was expected: " + e.getOriginalMessage(), e);
        }
    }

    /** The good answer, or an exception. */
    Answer send(Call call) {
        long giveUp = System.nanoTime() + patience.toNanos();
        var pause = FIRST_PAUSE;
        while (true) {
            @Nullable IOException failure = null;
            @Nullable Answer answer = null;
            URI server = server();
            try {
                answer = once(server, call);
            } catch (IOException e) {
                failure = e;
            }
            boolean again = answer == null ? mayPass(failure) : mayPass(answer);
            if (!again || System.nanoTime() + pause.toNanos() > giveUp) {
                if (answer != null) {
                    return checked(answer);
                }
                throw unavailable(server, failure);
            }
            current.incrementAndGet();
            sleep(pause);
            pause = longer(pause);
        }
    }

    /** An event stream, whose first bytes have come; tried once only. */
    InputStream open(Call call) throws IOException {
        var request =
                request(server(), call)
                        .setHeader("Accept", "text/event-stream")
                        .timeout(answerTimeout)
                        .build();
        try {
            var response = http.send(request, BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                try (var body = response.body()) {
                    checked(new Answer(response.statusCode(), response.headers(), text(body)));
                }
                throw new IOException("no event stream, but status " + response.statusCode());
            }
            return response.body();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (IOException e) {
            current.incrementAndGet();
            throw e;
        }
    }

    private Answer once(URI server, Call call) throws IOException {
        try {
            var response =
                    http.send(
                            request(server, call).timeout(answerTimeout).build(),
                            BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private HttpRequest.Builder request(URI server, Call call) {
        var request = HttpRequest.newBuilder(URI.create(server + call.path()));
        request.setHeader("Accept", "application/json, application/problem+json");
        if (!token.isEmpty()) {
            request.setHeader("Authorization", "Bearer " + token);
        }
        call.headers().forEach(request::setHeader);
        if (call.body() == null) {
            return request.method(call.method(), HttpRequest.BodyPublishers.noBody());
        }
        request.setHeader("Content-Type", "application/json");
        return request.method(
                call.method(),
                HttpRequest.BodyPublishers.ofString(Json.mapper().writeValueAsString(call.body())));
    }

    private static Answer checked(Answer answer) {
        if (answer.good()) {
            return answer;
        }
        throw ToygresException.of(problem(answer));
    }

    /** The problem in the answer, or one made up for an answer that carries none. */
    static Problem problem(Answer answer) {
        try {
            var tree = Json.mapper().readTree(answer.body());
            if (tree.isObject()) {
                var errors =
                        tree.path("errors")
                                .valueStream()
                                .map(
                                        error ->
                                                new Problem.FieldError(
                                                        error.path("field").asString(""),
                                                        error.path("message").asString("")))
                                .toList();
                return new Problem(
                        tree.path("type").asString("about:blank"),
                        tree.path("title").asString("HTTP " + answer.status()),
                        answer.status(),
                        tree.path("detail").asString(""),
                        tree.path("code").asString("http-" + answer.status()),
                        errors);
            }
        } catch (JacksonException notJson) {
            // An answer of something between the server and us: its status is all there is to say.
        }
        return new Problem(
                "about:blank",
                "HTTP " + answer.status(),
                answer.status(),
                "the server answered with status " + answer.status(),
                "http-" + answer.status(),
                List.of());
    }

    /** A certificate that is not trusted will not be trusted in a second either. */
    private static boolean mayPass(@Nullable IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return false;
            }
        }
        return true;
    }

    private static boolean mayPass(Answer answer) {
        return switch (answer.status()) {
            case 502, 503, 504 -> true;
            default -> false;
        };
    }

    private ToygresException.Unavailable unavailable(URI server, @Nullable IOException failure) {
        String reason =
                failure == null || failure.getMessage() == null || failure.getMessage().isBlank()
                        ? "no connection"
                        : failure.getMessage();
        var cause = failure == null ? new IOException(reason) : failure;
        return new ToygresException.Unavailable(
                "no answer from %s (%s)".formatted(server, reason), cause);
    }

    private URI server() {
        return servers.get(Math.floorMod(current.get(), servers.size()));
    }

    private static Duration longer(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private static String text(InputStream body) throws IOException {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static ToygresException.Unavailable interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ToygresException.Unavailable("interrupted while waiting for an answer", e);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
