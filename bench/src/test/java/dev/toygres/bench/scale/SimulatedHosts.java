package dev.toygres.bench.scale;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.lease.LeaseStanding;
import dev.toygres.agentapi.lease.LeaseStanding.Holding;
import dev.toygres.agentapi.lease.LeaseStanding.Promise;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Agents that have no Postgres: they speak the whole protocol over mutual TLS, and say of their
 * members what the agents of a real instance said of theirs. Only what the server asks for while
 * nothing happens is answered, and who is asked for when.
 */
final class SimulatedHosts implements AutoCloseable {
    private static final int BACKLOG = 64;

    private final JsonMapper json = AgentJson.mapper();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<OneHost> hosts = new ArrayList<>();

    /** By the id of an instance: when the first order for one of its members came. */
    private final Map<String, Long> firstOrder = new ConcurrentHashMap<>();

    private final AtomicLong orders = new AtomicLong();

    SimulatedHosts(int count, SSLContext tls) throws IOException {
        for (int i = 0; i < count; i++) {
            hosts.add(new OneHost(i, tls));
        }
    }

    static String id(int host) {
        return "sim-" + host;
    }

    int port(int host) {
        return hosts.get(host).server.getAddress().getPort();
    }

    /**
     * @param endpoint of its instance, where it is the primary
     */
    void add(int host, JsonNode member, Optional<JsonNode> endpoint, long electorateVersion) {
        hosts.get(host).add((ObjectNode) member, endpoint, electorateVersion);
    }

    void ready(ObjectNode shape) {
        hosts.forEach(host -> host.ready(shape));
    }

    /** No process of that primary is left. */
    void die(int host, String memberId) {
        hosts.get(host).die(memberId);
    }

    long orders() {
        return orders.get();
    }

    Optional<Long> firstOrder(String instanceId) {
        return Optional.ofNullable(firstOrder.get(instanceId));
    }

    /** Between two times that the server asked a host how it is, in milliseconds. */
    List<Long> intervals() {
        List<Long> all = new ArrayList<>();
        for (OneHost host : hosts) {
            synchronized (host.asked) {
                for (int i = 1; i < host.asked.size(); i++) {
                    all.add((host.asked.get(i) - host.asked.get(i - 1)) / 1_000_000);
                }
                host.asked.clear();
            }
        }
        return all;
    }

    @Override
    public void close() {
        hosts.forEach(host -> host.server.stop(0));
        threads.shutdownNow();
    }

    private final class OneHost {
        private final int number;
        private final HttpsServer server;
        private final ArrayNode members = json.createArrayNode();
        private final ArrayNode endpoints = json.createArrayNode();
        private final List<Holding> holdings = new ArrayList<>();
        private final List<Promise> promises = new ArrayList<>();
        private final List<Long> asked = new ArrayList<>();
        private final Object news = new Object();
        private ObjectNode shape = json.createObjectNode();
        private volatile byte[] status = new byte[0];
        private volatile long pulse = 1;

        OneHost(int number, SSLContext tls) throws IOException {
            this.number = number;
            server =
                    HttpsServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            server.setHttpsConfigurator(
                    new HttpsConfigurator(tls) {
                        @Override
                        public void configure(HttpsParameters parameters) {
                            var wanted = tls.getDefaultSSLParameters();
                            wanted.setNeedClientAuth(true);
                            parameters.setSSLParameters(wanted);
                        }
                    });
            server.setExecutor(threads);
            server.createContext("/", this::handle);
            server.start();
        }

        synchronized void add(
                ObjectNode member, Optional<JsonNode> endpoint, long electorateVersion) {
            members.add(member);
            endpoint.ifPresent(endpoints::add);
            MemberId id = new MemberId(member.path("memberId").asString());
            if (endpoint.isPresent()) {
                holdings.add(
                        new Holding(
                                new InstanceId(member.path("instanceId").asString()),
                                id,
                                member.path("term").asLong(),
                                true,
                                electorateVersion,
                                2_000,
                                List.of()));
            } else {
                promises.add(new Promise(id, 0, 0));
            }
        }

        synchronized void ready(ObjectNode as) {
            shape = as.deepCopy();
            shape.put("hostId", id(number));
            shape.put("availabilityZone", "zone-" + number);
            shape.set("members", members);
            shape.set("endpoints", endpoints);
            shape.put("pulse", pulse);
            status = json.writeValueAsBytes(shape);
        }

        void die(String memberId) {
            crash(memberId);
            synchronized (news) {
                news.notifyAll();
            }
        }

        private synchronized void crash(String memberId) {
            for (JsonNode member : members) {
                if (member.path("memberId").asString().equals(memberId)) {
                    ObjectNode dead = (ObjectNode) member;
                    dead.put("state", "Crashed");
                    ObjectNode vitals = (ObjectNode) dead.path("vitals");
                    vitals.put("connectivity", false);
                    vitals.put("queryResponsive", false);
                    vitals.put("downForMs", 1);
                    vitals.put("words", "no process of it is left");
                }
            }
            long next = pulse + 1;
            shape.put("pulse", next);
            status = json.writeValueAsBytes(shape);
            pulse = next;
        }

        private void handle(HttpExchange exchange) throws IOException {
            try (exchange) {
                byte[] answer = answer(exchange);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        }

        private byte[] answer(HttpExchange exchange) throws IOException {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getRawPath();
            if (path.equals("/v1/status")) {
                synchronized (asked) {
                    asked.add(System.nanoTime());
                }
                return awaited(exchange.getRequestURI().getRawQuery());
            }
            if (path.equals("/v1/leases")) {
                return json.writeValueAsBytes(
                        new LeaseStanding("boot", System.nanoTime(), holdings, promises));
            }
            return json.writeValueAsBytes(order(path, new String(body, StandardCharsets.UTF_8)));
        }

        /** A long poll: as soon as the pulse is another one, at the latest after the wait. */
        private byte[] awaited(String query) {
            long after = -1;
            long wait = 0;
            for (String part : query == null ? new String[0] : query.split("&")) {
                if (part.startsWith("after=")) {
                    after = Long.parseLong(part.substring("after=".length()));
                } else if (part.startsWith("wait=")) {
                    wait = Long.parseLong(part.substring("wait=".length()));
                }
            }
            long end = System.nanoTime() + wait * 1_000_000;
            synchronized (news) {
                while (pulse == after && System.nanoTime() < end) {
                    try {
                        news.wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
                    } catch (InterruptedException ending) {
                        Thread.currentThread().interrupt();
                        break;
                    }
                }
            }
            return status;
        }

        /** What arms an agent is done; of a failover only the time of its first order counts. */
        private JobStatus order(String path, String body) {
            orders.incrementAndGet();
            String key =
                    URLDecoder.decode(path.substring("/v1/jobs/".length()), StandardCharsets.UTF_8);
            if (body.contains("KillMember") || body.contains("PartStandby")) {
                JsonNode member = json.readTree(body).findValue("memberId");
                String id = member == null ? "" : member.asString();
                firstOrder.putIfAbsent(id.replaceFirst("-.*", ""), System.nanoTime());
                return new JobStatus(
                        key,
                        JobStatus.State.Failed,
                        1,
                        "",
                        Optional.empty(),
                        Optional.of("simulated"));
            }
            return new JobStatus(
                    key,
                    JobStatus.State.Succeeded,
                    1,
                    "",
                    Optional.of(json.readTree("{\"type\":\"Done\"}")),
                    Optional.empty());
        }
    }
}
