package dev.toygres.agent.routing;

import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agent.process.Signal;
import dev.toygres.agent.process.Sockets;
import dev.toygres.agent.process.Tools;
import dev.toygres.agentapi.Certificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The PgBouncer of one instance, behind its HAProxy. It learns verifiers by asking Postgres, so
 * that no password is typed twice; the only password that it has is the pooler's own.
 */
final class PgBouncer {
    private static final Duration START = Duration.ofSeconds(10);

    private final Path directory;
    private final ServiceUser user;
    private final Daemon daemon;

    PgBouncer(Path directory, Path pidFile, Tools tools, ServiceUser user) {
        this.directory = directory;
        this.user = user;
        daemon = new Daemon("pgbouncer", directory.resolve("pgbouncer.ini"), pidFile, tools);
    }

    boolean isUp() {
        return daemon.isUp();
    }

    void adopt() {
        daemon.noteAgain();
    }

    void write(EndpointMemory endpoint, String poolerPassword, Certificate certificate) {
        user.directory(directory);
        user.file(
                directory.resolve("userlist.txt"),
                "\"%s\" \"%s\"\n"
                        .formatted(doubled(endpoint.poolerUser()), doubled(poolerPassword)));
        user.file(directory.resolve("server.crt"), certificate.certificate());
        user.file(directory.resolve("server.key"), certificate.key());
        user.file(directory.resolve("ca.crt"), certificate.authority());
        user.file(daemon.configuration(), configuration(endpoint));
    }

    private static String doubled(String text) {
        return text.replace("\"", "\"\"");
    }

    void start(EndpointMemory endpoint) {
        daemon.start(List.of(daemon.configuration().toString()));
        var listens = new InetSocketAddress(endpoint.ports().host(), endpoint.ports().pooled());
        if (!Await.until(START, () -> accepts(listens) || !daemon.isUp()) || !daemon.isUp()) {
            throw daemon.failure();
        }
    }

    private static boolean accepts(InetSocketAddress address) {
        try (var socket = new Socket()) {
            socket.connect(address, 500);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Takes new certificates and passwords over without losing a client. */
    void reload() {
        daemon.pid().ifPresent(Signal.HUP::to);
    }

    /**
     * PAUSE: transactions that run may end, all others wait. Without it, a Postgres that stops in
     * just the wrong moment costs a waiting client its connection.
     */
    void pause() {
        daemon.pid().ifPresent(Signal.USR1::to);
    }

    /** RESUME. */
    void resume() {
        daemon.pid().ifPresent(Signal.USR2::to);
    }

    /** Its sessions with Postgres, as the ports that they come from. */
    Set<Integer> connectionsTo(int port) {
        return daemon.pid().map(pid -> Sockets.connected(pid, port)).orElse(Set.of());
    }

    void stop() {
        daemon.stop();
    }

    /**
     * Time limits are above HAProxy's hold of 30 s: a Postgres that restarts is waited for. Nobody
     * is an administrator: there is no console to log in to.
     */
    private String configuration(EndpointMemory endpoint) {
        var ports = endpoint.ports();
        return """
        ; Written by the toygres agent.
        [databases]
        * = host=%1$s port=%2$d auth_user=%4$s
        [pgbouncer]
        listen_addr = %1$s
        listen_port = %3$d
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = %5$s/userlist.txt
        auth_query = SELECT role_name, verifier FROM toygres.pooler_lookup($1)
        pool_mode = transaction
        max_client_conn = 1000
        default_pool_size = 20
        client_tls_sslmode = require
        client_tls_cert_file = %5$s/server.crt
        client_tls_key_file = %5$s/server.key
        server_tls_sslmode = verify-ca
        server_tls_ca_file = %5$s/ca.crt
        server_connect_timeout = 40
        server_login_retry = 0.1
        client_login_timeout = 60
        query_wait_timeout = 60
        ignore_startup_parameters = extra_float_digits
        log_stats = 0
        log_connections = 0
        log_disconnections = 0
        """
                .formatted(
                        ports.host(),
                        ports.readWrite(),
                        ports.pooled(),
                        endpoint.poolerUser(),
                        directory);
    }
}
