package dev.toygres.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server over real HTTP with one answer for each call. */
final class FakeServer implements AutoCloseable {
    /** What it says. */
    record Answer(int status, String body) {}

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();

    FakeServer() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.createContext(
                "/",
                exchange -> {
                    var uri = exchange.getRequestURI();
                    String dry = "dryRun=true".equals(uri.getQuery()) ? "?dryRun=true" : "";
                    String call = exchange.getRequestMethod() + " " + uri.getPath() + dry;
                    calls.add(call);
                    bodies.add(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
                    tokens.add(
                            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                    keys.add(
                            String.valueOf(
                                    exchange.getRequestHeaders().getFirst("Idempotency-Key")));
                    var answer =
                            answers.getOrDefault(
                                    answers.containsKey(call) ? call : call.replace(dry, ""),
                                    new Answer(
                                            404,
                                            "{\"status\": 404, \"code\": \"not-found\", \"title\":"
                                                    + " \"T\", \"detail\": \"there is no "
                                                    + call
                                                    + "\"}"));
                    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("ETag", "\"1\"");
                    exchange.sendResponseHeaders(
                            answer.status(), body.length == 0 ? -1 : body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        http.setExecutor(threads);
        http.start();
    }

    FakeServer on(String call, int status, String body) {
        answers.put(call, new Answer(status, body));
        return this;
    }

    List<String> calls() {
        return calls;
    }

    String lastBody() {
        return bodies.getLast();
    }

    List<String> bodies() {
        return bodies;
    }

    List<String> tokens() {
        return tokens;
    }

    List<String> keys() {
        return keys;
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
