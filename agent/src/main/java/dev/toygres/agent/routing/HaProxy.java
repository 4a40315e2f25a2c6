package dev.toygres.agent.routing;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agent.process.Tools;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The HAProxy of one instance: never reloaded, so never an old worker with old sessions (S13). */
final class HaProxy {
    private static final Duration START = Duration.ofSeconds(10);
    private static final List<String> BACKENDS = List.of("read-write", "read-only");
    private static final String READ_WRITE = "read-write/primary";
    private static final String READ_ONLY = "read-only/primary";
    private static final long HOLD_MS = 30_000;

    /** Declared ahead, because a HAProxy that runs is never reloaded. */
    private static final int READERS = Order.OpenEndpoint.MOST_READERS;

    /** Where held clients wait; see hold.lua. */
    private static final String GATE =
            """
            frontend gate
                bind unix@./gate.sock mode 600
                tcp-request content use-service lua.gate
            """;

    private static final String READER = "read-only/reader%d";
    private static final Pattern SESSION = Pattern.compile("(0x[0-9a-f]+): .* src=[^ ]+:(\\d+) .*");

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

    /** One that runs is changed over its socket, so that only a start reads a file. */
    void start(EndpointMemory endpoint, Optional<Duration> ends) {
        user.directory(directory);
        for (var script : List.of("hold.lua", "beat.lua")) {
            user.file(directory.resolve(script), resource(script));
        }
        user.file(daemon.configuration(), configuration(endpoint, ends));
        Durable.delete(directory.resolve("admin.sock"));
        daemon.start(List.of("-db", "-f", daemon.configuration().toString()));
        if (!Await.until(START, () -> answers() || daemon.hasEnded()) || daemon.hasEnded()) {
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

    /** It ends at that uptime of the machine, if no later word comes; empty: never. */
    void beat(Optional<Duration> ends) {
        command("beat " + millis(ends));
    }

    private static long millis(Optional<Duration> ends) {
        return ends.map(Duration::toMillis).orElse(0L);
    }

    void stop() {
        daemon.stop();
    }

    /** Clients that connect now wait; whoever is connected stays. */
    void hold() {
        ask("state maint");
    }

    /**
     * @param readersOnly whoever reads at the primary is sent away, and nobody else gets there
     */
    void release(boolean readersOnly) {
        if (readersOnly) {
            set(READ_WRITE, "state ready");
            set(READ_ONLY, "state maint");
            var ignored = command("shutdown sessions server " + READ_ONLY);
        } else {
            ask("state ready");
        }
    }

    /** First nobody reaches the old one any more, then its sessions are cut, then the new one. */
    void target(Address target) {
        hold();
        cutAll();
        ask("addr " + ip(target) + " port " + target.port());
    }

    /** Ends all sessions with the target. */
    void cutAll() {
        var ignored =
                command(
                        BACKENDS.stream()
                                .map(one -> "shutdown sessions server " + one + "/primary")
                                .collect(Collectors.joining(";")));
    }

    /** Ends the sessions of the clients with these ports. */
    void cut(Set<Integer> clientPorts) {
        if (clientPorts.isEmpty()) {
            return;
        }
        SESSION.matcher(command("show sess"))
                .results()
                .filter(session -> clientPorts.contains(Integer.valueOf(session.group(2))))
                .forEach(
                        session -> {
                            var ignored = command("shutdown session " + session.group(1));
                        });
    }

    /**
     * Those that are no reader any more lose their sessions; the others keep place and sessions.
     */
    void readers(List<Address> wanted) {
        if (wanted.size() > READERS) {
            throw new OrderFailed("an endpoint has at most " + READERS + " readers");
        }
        var missing = new ArrayList<>(wanted.stream().map(HaProxy::place).toList());
        var free = new ArrayList<Integer>();
        var places = readerPlaces();
        for (int slot = 1; slot <= READERS; slot++) {
            if (!missing.remove(places.getOrDefault(slot, ""))) {
                empty(slot, places.containsKey(slot));
                free.add(slot);
            }
        }
        for (var place : missing) {
            fill(free.removeFirst(), place);
        }
    }

    private void empty(int slot, boolean isReady) {
        if (isReady) {
            set(READER.formatted(slot), "state maint");
            var ignored = command("shutdown sessions server " + READER.formatted(slot));
        }
    }

    private void fill(int slot, String place) {
        var parts = place.split(" ", -1);
        set(READER.formatted(slot), "addr " + parts[0] + " port " + parts[1]);
        set(READER.formatted(slot), "state ready");
    }

    private static String place(Address address) {
        return ip(address) + " " + address.port();
    }

    /** By slot: where those that are not in maintenance lead. */
    private Map<Integer, String> readerPlaces() {
        var found = new HashMap<Integer, String>();
        for (var line : command("show servers state read-only").lines().toList()) {
            var words = line.split(" ", -1);
            if (words.length > 18 && words[3].startsWith("reader") && (parse(words[6]) & 1) == 0) {
                found.put(parse(words[3].substring(6)), words[4] + " " + words[18]);
            }
        }
        return found;
    }

    private static int parse(String number) {
        return Integer.parseInt(number);
    }

    boolean targets(Address target) {
        var wanted = " " + ip(target) + " ";
        return command("show servers state read-write")
                .lines()
                .anyMatch(
                        line -> line.contains(wanted) && line.contains(" " + target.port() + " "));
    }

    private void ask(String change) {
        set(BACKENDS.stream().map(one -> one + "/primary").toList(), change);
    }

    private void set(String server, String change) {
        set(List.of(server), change);
    }

    /** All in one conversation, which answers a line for each at most. */
    private void set(List<String> servers, String change) {
        var words =
                servers.stream()
                        .map(server -> "set server " + server + " " + change)
                        .collect(Collectors.joining(";"));
        command(words)
                .lines()
                .filter(line -> !line.isBlank())
                .filter(line -> !line.contains("changed") && !line.contains("no need"))
                .findFirst()
                .ifPresent(
                        line -> {
                            throw new OrderFailed(
                                    "HAProxy does not obey '" + change + "': " + line);
                        });
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

    private static String configuration(EndpointMemory endpoint, Optional<Duration> ends) {
        var ports = endpoint.ports();
        var target = ip(endpoint.target()) + ":" + endpoint.target().port();
        return """
        # Written by the toygres agent; the target of a running HAProxy is changed over admin.sock.
        global
            maxconn 4000
            nbthread 1
            # Two that share an address would share its clients.
            noreuseport
            setenv TOYGRES_ENDS %d
            lua-load hold.lua
            lua-load beat.lua
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
                        .formatted(millis(ends))
                + GATE
                + route("read-write", ports.host() + ":" + ports.readWrite(), target)
                + (endpoint.held() ? " disabled" : "")
                + "\n"
                + route("read-only", ports.host() + ":" + ports.readOnly(), target)
                + " backup"
                + (endpoint.held() || endpoint.readersOnly() ? " disabled" : "")
                + "\n"
                + readerLines(endpoint.readers());
    }

    /** A reader that dies is left out within half a second, without anybody's word. */
    private static String readerLines(List<Address> readers) {
        var lines =
                new StringBuilder(
                        """
                            balance leastconn
                            option redispatch 1
                            default-server check inter 500ms fall 1 rise 1 on-marked-down shutdown-sessions
                        """);
        for (int slot = 1; slot <= READERS; slot++) {
            var line =
                    slot <= readers.size()
                            ? ip(readers.get(slot - 1)) + ":" + readers.get(slot - 1).port()
                            : "127.0.0.1:1 disabled";
            lines.append("    server reader%d %s\n".formatted(slot, line));
        }
        return lines.toString();
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
            server primary %3$s"""
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
