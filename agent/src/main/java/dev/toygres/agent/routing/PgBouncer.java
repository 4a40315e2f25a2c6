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
import java.util.Optional;
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

    /** By this agent, completely. */
    private Optional<Reads> written = Optional.empty();

    private record Reads(String configuration, String users, Certificate certificate) {}

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

    /** Whether there is anything new in what it reads. */
    boolean write(EndpointMemory endpoint, String poolerPassword, Certificate certificate) {
        var users =
                "\"%s\" \"%s\"\n"
                        .formatted(doubled(endpoint.poolerUser()), doubled(poolerPassword));
        var next = new Reads(configuration(endpoint), users, kept(certificate));
        if (Optional.of(next).equals(written)) {
            return false;
        }
        written = Optional.empty();
        user.directory(directory);
        user.file(directory.resolve("userlist.txt"), next.users());
        user.file(directory.resolve("server.crt"), next.certificate().certificate());
        user.file(directory.resolve("server.key"), next.certificate().key());
        user.file(directory.resolve("ca.crt"), next.certificate().authority());
        user.file(daemon.configuration(), next.configuration());
        written = Optional.of(next);
        return true;
    }

    /** Every order brings another certificate; one that is as good is not worth a reload. */
    private Certificate kept(Certificate offered) {
        return written.map(Reads::certificate)
                .filter(known -> Renewal.isNeedless(known, offered))
                .orElse(offered);
    }

    private static String doubled(String text) {
        return text.replace("\"", "\"\"");
    }

    void start(EndpointMemory endpoint) {
        daemon.start(List.of(daemon.configuration().toString()));
        var listens = new InetSocketAddress(endpoint.ports().host(), endpoint.ports().pooled());
        if (!Await.until(START, () -> accepts(listens) || daemon.hasEnded()) || daemon.hasEnded()) {
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

    /**
     * Takes new certificates and passwords over without losing a client. It drops its logins at
     * Postgres that are under way, and then waits before it tries again: so never after a RESUME.
     */
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
