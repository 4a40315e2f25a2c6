package dev.toygres.e2e;

import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server that speaks S3 over TLS, with an authority of its own and one bucket, as files. */
final class S3Server implements AutoCloseable {
    static final String BUCKET = "backups";
    static final String CREDENTIALS = "AKIATEST:secret-of-the-test";
    static final String KEYSTORE_PASSWORD = "changeit";
    private static final Duration UP = Duration.ofSeconds(90);

    private final Path directory;
    private final int port;
    private @Nullable Process process;

    private S3Server(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    static S3Server start() throws IOException {
        S3Server server = new S3Server(Files.createTempDirectory("toygres-s3"), freePort());
        Files.createDirectories(server.bucket());
        server.certify();
        server.up(CREDENTIALS);
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** What shows who it is; its password with it. */
    Path keystore() {
        return directory.resolve("keystore.p12");
    }

    int port() {
        return port;
    }

    String endpoint() {
        return "localhost:" + port;
    }

    Path authority() {
        return directory.resolve("ca.crt");
    }

    /** Its objects are files below. */
    Path bucket() {
        return directory.resolve("objects").resolve(BUCKET);
    }

    private void certify() {
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-ext",
                "san=dns:localhost",
                "-ext",
                "bc=ca:true",
                "-dname",
                "CN=localhost",
                "-validity",
                "30");
        keytool("-exportcert", "-rfc", "-file", authority().toString());
    }

    private void keytool(String... arguments) {
        List<String> line =
                new java.util.ArrayList<>(
                        List.of(
                                java("keytool"),
                                "-alias",
                                "s3",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                directory.resolve("keystore.p12").toString(),
                                "-storepass",
                                KEYSTORE_PASSWORD));
        line.add(1, arguments[0]);
        line.addAll(List.of(arguments).subList(1, arguments.length));
        try {
            Process tool =
                    new ProcessBuilder(line)
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("keytool.log").toFile())
                            .start();
            if (tool.waitFor() != 0) {
                throw new AssertionError(Files.readString(directory.resolve("keytool.log")));
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw new AssertionError(cause);
        }
    }

    private static String java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    private void configure(String credentials) throws IOException {
        String[] key = credentials.split(":", 2);
        Files.writeString(
                directory.resolve("s3proxy.conf"),
                """
                s3proxy.secure-endpoint=https://127.0.0.1:%d
                s3proxy.keystore-path=%s
                s3proxy.keystore-password=%s
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                s3proxy.ignore-unknown-headers=true
                jclouds.provider=filesystem-nio2
                jclouds.filesystem.basedir=%s
                """
                        .formatted(
                                port,
                                directory.resolve("keystore.p12"),
                                KEYSTORE_PASSWORD,
                                key[0],
                                key[1],
                                directory.resolve("objects")));
    }

    /** For whoever has these from now on. */
    void up(String credentials) throws IOException {
        configure(credentials);
        up();
    }

    /** Again, with what it has. */
    void up() throws IOException {
        process =
                new ProcessBuilder(
                                java("java"),
                                "-Xmx192m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-jar",
                                Launcher.root().resolve("e2e/target/stores/s3proxy.jar").toString(),
                                "--properties",
                                directory.resolve("s3proxy.conf").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        directory.resolve("s3proxy.log").toFile()))
                        .start();
        Eventually.until(UP, "the S3 server listens", this::listens);
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    void down() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            try {
                running.waitFor(20, TimeUnit.SECONDS);
            } catch (InterruptedException cause) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        down();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
