package dev.toygres.agent.routing;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agent.process.Tools;
import dev.toygres.agentapi.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The HAProxy of one instance: never reloaded, so never an old worker with old sessions (S13). */
final class HaProxy {
    private static final Duration START = Duration.ofSeconds(10);
    private static final List<String> BACKENDS = List.of("read-write", "read-only");
    private static final long HOLD_MS = 30_000;

    private final Path directory;
    private final ServiceUser user;
    private final Daemon daemon;
    private final AdminSocket admin;

    HaProxy(Path directory, Path pidFile, Tools tools, ServiceUser user) {
        this.directory = directory;
        this.user = user;
        daemon = new Daemon("haproxy", directory.resolve("haproxy.cfg"), pidFile, tools);
        admin = new AdminSocket(directory.resolve("admin.sock"));
    }

    boolean isUp() {
        return daemon.isUp();
    }

    void adopt() {
        daemon.noteAgain();
    }

    /** Writes what the next start reads: the target of now. */
    void write(EndpointMemory endpoint) {
        user.directory(directory);
        user.file(directory.resolve("hold.lua"), resource("hold.lua"));
        user.file(daemon.configuration(), configuration(endpoint));
    }

    void start() {
        Durable.delete(directory.resolve("admin.sock"));
        daemon.start(List.of("-db", "-f", daemon.configuration().toString()));
        if (!Await.until(START, () -> answers() || !daemon.isUp()) || !daemon.isUp()) {
            throw daemon.failure();
        }
    }

    private boolean answers() {
        try {
            return !admin.ask("show version").isEmpty();
        } catch (IOException notYet) {
            return false;
        }
    }

    void stop() {
        daemon.stop();
    }

    /** Clients that connect now wait; whoever is connected stays. */
    void hold() {
        ask("state maint");
    }

    void release() {
        ask("state ready");
    }

    /** First nobody reaches the old one any more, then its sessions are cut, then the new one. */
    void target(Address target) {
        hold();
        for (var backend : BACKENDS) {
            command("shutdown sessions server " + backend + "/primary");
        }
        ask("addr " + ip(target) + " port " + target.port());
        release();
    }

    boolean targets(Address target) {
        var wanted = " " + ip(target) + " ";
        return command("show servers state read-write")
                .lines()
                .anyMatch(
                        line -> line.contains(wanted) && line.contains(" " + target.port() + " "));
    }

    private void ask(String change) {
        for (var backend : BACKENDS) {
            var answer = command("set server " + backend + "/primary " + change);
            if (!answer.isEmpty() && !answer.contains("changed") && !answer.contains("no need")) {
                throw new OrderFailed("HAProxy does not obey '" + change + "': " + answer);
            }
        }
    }

    private String command(String words) {
        try {
            return admin.ask(words);
        } catch (IOException cause) {
            throw new OrderFailed("HAProxy does not answer: " + cause.getMessage(), cause);
        }
    }

    private static String ip(Address address) {
        try {
            return InetAddress.getByName(address.host()).getHostAddress();
        } catch (IOException cause) {
            throw new OrderFailed("there is no host " + address.host(), cause);
        }
    }

    private static String configuration(EndpointMemory endpoint) {
        var ports = endpoint.ports();
        var target = ip(endpoint.target()) + ":" + endpoint.target().port();
        return """
        # Written by the toygres agent; the target of a running HAProxy is changed over admin.sock.
        global
            maxconn 4000
            nbthread 1
            lua-load hold.lua
            stats socket unix@./admin.sock mode 600 level admin
        defaults
            mode tcp
            timeout connect 5s
            timeout client 0
            timeout server 0
            timeout client-fin 10s
            timeout server-fin 10s
            option clitcpka
            option srvtcpka
            retries 3
        """
                + route("read-write", ports.host() + ":" + ports.readWrite(), target)
                + route("read-only", ports.host() + ":" + ports.readOnly(), target);
    }

    /** The inspect-delay ends a rule that still waits, so it must be longer than any hold. */
    private static String route(String name, String listen, String target) {
        return """
        frontend %1$s
            bind %2$s
            tcp-request inspect-delay %5$dms
            tcp-request content lua.hold %1$s %4$d
            default_backend %1$s
        backend %1$s
            server primary %3$s
        """
                .formatted(name, listen, target, HOLD_MS, HOLD_MS * 2);
    }

    private static String resource(String name) {
        try (var stream = Objects.requireNonNull(HaProxy.class.getResourceAsStream(name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
