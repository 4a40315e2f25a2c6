package dev.toygres.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server over real HTTP that answers what it was told to, and remembers what it was asked. */
final class FakeServer implements AutoCloseable {
    /** What arrived. */
    record Seen(String call, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    /** One way to answer. */
    interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private volatile Reply otherwise = json(200, "{}");

    FakeServer() {
        this(0);
    }

    FakeServer(int port) {
        try {
            http =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.createContext("/", this::answer);
        http.setExecutor(threads);
        http.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        seen.add(
                new Seen(
                        exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                        Map.copyOf(exchange.getRequestHeaders()),
                        body));
        Reply next = replies.poll();
        try (exchange) {
            (next == null ? otherwise : next).to(exchange);
        }
    }

    /** The next calls get these answers, in order. */
    FakeServer then(Reply... next) {
        replies.addAll(List.of(next));
        return this;
    }

    /** All calls after that get this one. */
    FakeServer always(Reply reply) {
        otherwise = reply;
        return this;
    }

    static Reply json(int status, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.getResponseHeaders().add("ETag", "\"7\"");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** The connection ends in the middle of the answer. */
    static Reply hangUp() {
        return exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        };
    }

    static Reply events(String... operations) {
        return exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(": hello\n\n".getBytes(StandardCharsets.UTF_8));
            for (String operation : operations) {
                String event = "event: operation\nid: 1\ndata: " + operation + "\n\n";
                exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
        };
    }

    List<Seen> seen() {
        return seen;
    }

    List<String> calls() {
        return seen.stream().map(Seen::call).toList();
    }

    int port() {
        return http.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    ToygresClient client() {
        return client(Duration.ofSeconds(5));
    }

    ToygresClient client(Duration patience) {
        return ToygresClient.builder().server(url()).token("tg_test").patience(patience).build();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
