package dev.toygres.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * Runs what most commands run, against a server that answers anything, once per build: the JVM
 * remembers the classes (JEP 514), so that later starts need not load and link them.
 */
final class Rehearsal {
    private static final String PAGE =
            """
            {"items": [{"id": "a", "state": "Running", "health": "Healthy",
              "postgresVersion": "15", "size": "small", "term": 1, "replicas": [],
              "endpoints": {"readWrite": {"host": "h", "port": 1},
                "readOnly": {"host": "h", "port": 1}, "pooled": {"host": "h", "port": 1}},
              "owner": "app", "database": "app", "deletionProtection": false,
              "createdAt": "2026-01-01T00:00:00Z"}]}
            """;
    private static final String OPERATION =
            """
            {"id": "o", "type": "CreateInstance", "state": "Succeeded", "progress": 1.0,
              "createdAt": "2026-01-01T00:00:00Z", "result": {}, "question": {},
              "cancellable": false}
            """;

    private Rehearsal() {}

    /** Ends by itself; prints nothing. */
    public static void main(String[] arguments) throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String text = exchange.getRequestMethod().equals("GET") ? PAGE : OPERATION;
                    byte[] body = text.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        var nowhere = new PrintWriter(Writer.nullWriter());
        var around =
                new Surroundings(
                        nowhere,
                        nowhere,
                        Map.of(
                                "TOYGRES_SERVER",
                                "http://127.0.0.1:" + server.getAddress().getPort()),
                        Path.of("/nonexistent"),
                        false,
                        InstantSource.system(),
                        Path.of("/nonexistent"));
        Main.run(around, "--help");
        Main.run(around, "list");
        Main.run(around, "list", "-o", "json");
        Main.run(around, "list", "-o", "yaml");
        Main.run(around, "create", "a");
        Main.run(around, "crate", "a");
        server.stop(0);
    }
}
