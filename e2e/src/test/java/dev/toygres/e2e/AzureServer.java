package dev.toygres.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Azurite, where it is installed: Azure Blob Storage over TLS, with an authority of its own. */
final class AzureServer implements AutoCloseable {
    static final String CONTAINER = "backups";
    private static final String ACCOUNT = "toygrestest";
    private static final String KEY =
            Base64.getEncoder().encodeToString("k".repeat(64).getBytes(UTF_8));
    private static final Duration UP = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;
    private final Process process;

    private AzureServer(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /** On the PATH, or where {@code npm install --prefix e2e/target/stores azurite} puts it. */
    static Optional<Path> program() {
        return Stream.concat(
                        Stream.of(
                                Launcher.root()
                                        .resolve(
                                                "e2e/target/stores/node_modules/.bin/azurite-blob")),
                        Stream.of(System.getenv("PATH").split(":"))
                                .map(one -> Path.of(one, "azurite-blob")))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static AzureServer start(Path program) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("toygres-azure");
        int port = freePort();
        certify(directory);
        ProcessBuilder builder =
                new ProcessBuilder(
                        program.toString(),
                        "--location",
                        directory.resolve("objects").toString(),
                        "--blobHost",
                        "127.0.0.1",
                        "--blobPort",
                        String.valueOf(port),
                        "--cert",
                        directory.resolve("server.crt").toString(),
                        "--key",
                        directory.resolve("server.key").toString(),
                        "--skipApiVersionCheck",
                        "--disableTelemetry");
        builder.environment().put("AZURITE_ACCOUNTS", ACCOUNT + ":" + KEY);
        AzureServer server =
                new AzureServer(
                        directory,
                        port,
                        builder.redirectErrorStream(true)
                                .redirectOutput(directory.resolve("azurite.log").toFile())
                                .start());
        Eventually.until(UP, "azurite listens", server::listens);
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void certify(Path directory) throws IOException, InterruptedException {
        Process openssl =
                new ProcessBuilder(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "rsa:2048",
                                "-nodes",
                                "-days",
                                "30",
                                "-subj",
                                "/CN=localhost",
                                "-addext",
                                "subjectAltName=DNS:localhost",
                                "-keyout",
                                directory.resolve("server.key").toString(),
                                "-out",
                                directory.resolve("server.crt").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("openssl.log").toFile())
                        .start();
        if (openssl.waitFor() != 0) {
            throw new AssertionError(Files.readString(directory.resolve("openssl.log")));
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    Path authority() {
        return directory.resolve("server.crt");
    }

    String connectionString() {
        return connectionString(KEY);
    }

    String connectionString(String key) {
        return "DefaultEndpointsProtocol=https;AccountName=%s;AccountKey=%s;BlobEndpoint=https://localhost:%d/%1$s;"
                .formatted(ACCOUNT, key, port);
    }

    /** By curl and openssl, as one would by hand: the request is signed with the account's key. */
    void makeContainer() throws IOException, InterruptedException {
        String script =
                """
                set -e
                date=$(LC_ALL=C date -u '+%%a, %%d %%b %%Y %%H:%%M:%%S GMT')
                key=$(printf %%s '%1$s' | base64 -d | od -An -v -tx1 | tr -d ' \\n')
                text=$(printf 'PUT\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\nx-ms-date:%%s\\nx-ms-version:2021-08-06\\n/%2$s/%2$s/%3$s\\nrestype:container' "$date")
                signature=$(printf %%s "$text" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64 -w0)
                curl -sSf --cacert '%4$s' -X PUT -H "x-ms-date: $date" -H 'x-ms-version: 2021-08-06' -H 'Content-Length: 0' \\
                    -H "Authorization: SharedKey %2$s:$signature" 'https://localhost:%5$d/%2$s/%3$s?restype=container'
                """
                        .formatted(KEY, ACCOUNT, CONTAINER, authority(), port);
        Process curl =
                new ProcessBuilder(List.of("bash", "-c", script))
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("curl.log").toFile())
                        .start();
        if (curl.waitFor() != 0) {
            throw new AssertionError(Files.readString(directory.resolve("curl.log")));
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
        }
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
