package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import dev.toygres.client.Trust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server processes of an installation. */
final class Servers {
    private static final String MAIN = "dev.toygres.server.ServerMain";
    static final int HEAP_MEGABYTES = 512;
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final Home home;
    private final Launch launch;
    private final Secrets secrets;

    /** Where the log of this start begins. */
    private final Map<House.Server, Long> begins = new HashMap<>();

    Servers(Home home, Launch launch, Secrets secrets) {
        this.home = home;
        this.launch = launch;
        this.secrets = secrets;
    }

    Optional<OurProcess> process(House.Server server) {
        return OurProcess.daemon(home, server.process());
    }

    /**
     * @param catalogue arguments or environment that say where it is
     */
    void start(House.Server server, Distribution distribution, CatalogueAddress catalogue) {
        var command =
                new ArrayList<>(
                        Jvm.command(distribution, "server", server.process(), HEAP_MEGABYTES));
        command.addAll(OurProcess.marks(home, server.process()));
        command.add(MAIN);
        command.add("--toygres.address=" + server.address());
        command.add("--toygres.port=" + server.port());
        if (server.isSecure()) {
            var tls = secrets.tls(server.address());
            command.add("--toygres.tls-certificate=" + tls.certificate());
            command.add("--toygres.tls-key=" + tls.key());
        }
        command.add("--toygres.home=" + home.directory());
        command.add("--toygres.master-key-file=" + secrets.masterKey());
        command.add("--toygres.admin-token-file=" + secrets.adminToken());
        command.addAll(catalogue.arguments());
        begins.put(server, LogTail.end(home.log(server.process())));
        launch.start(
                command,
                catalogue.environment(),
                home.log(server.process()),
                home.pidFile(server.process()));
    }

    void awaitReady(House.Server server) {
        long giveUp = System.nanoTime() + START_LIMIT.toNanos();
        try (var http = http(server)) {
            while (!isReady(http, server)) {
                boolean gone = process(server).isEmpty();
                if (gone || System.nanoTime() > giveUp) {
                    throw new CommandFailed(
                            ExitCode.FAILED,
                            "%s %s:\n%s"
                                    .formatted(
                                            server.process(),
                                            gone ? "did not start" : "is not ready in time",
                                            LogTail.of(
                                                    home.log(server.process()),
                                                    begins.getOrDefault(server, 0L))));
                }
                Pause.of(Duration.ofMillis(50));
            }
        }
    }

    boolean isReady(House.Server server) {
        try (var http = http(server)) {
            return isReady(http, server);
        }
    }

    private HttpClient http(House.Server server) {
        var builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(2));
        if (server.isSecure()) {
            builder.sslContext(Trust.in(secrets.read(home.serverCertificate())));
        }
        return builder.build();
    }

    private static boolean isReady(HttpClient http, House.Server server) {
        var request =
                HttpRequest.newBuilder(URI.create(server.url() + "/actuator/health/readiness"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.FAILED, "interrupted", e);
        }
    }

    void stop(House.Server server) {
        process(server).ifPresent(process -> process.stop(STOP_PATIENCE));
        PidFiles.delete(home.pidFile(server.process()));
    }

    /** How a server learns of its catalogue; a password is never an argument. */
    record CatalogueAddress(List<String> arguments, Map<String, String> environment) {
        static CatalogueAddress inFile(Path file) {
            return new CatalogueAddress(List.of("--toygres.database-url-file=" + file), Map.of());
        }

        static CatalogueAddress url(String url) {
            return new CatalogueAddress(List.of(), Map.of("TOYGRES_DATABASE_URL", url));
        }

        @Override
        public String toString() {
            return "CatalogueAddress" + arguments;
        }
    }
}
