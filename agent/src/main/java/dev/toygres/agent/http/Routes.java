package dev.toygres.agent.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsExchange;
import dev.toygres.agent.OpenHost;
import dev.toygres.agent.job.Jobs;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.VoucherRequest;
import dev.toygres.model.HostId;
import dev.toygres.model.Lsn;
import dev.toygres.model.MemberId;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Which path asks for what. The server is the only one that is answered. */
final class Routes implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final String SERVER = "CN=toygres-server";
    private static final int LARGEST_BODY = 1 << 20;
    private static final int MOST_LINES = 10_000;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final JsonMapper json = AgentJson.mapper();
    private final Jobs jobs;
    private final OpenHost host;
    private final LeaseDesk leases;

    Routes(Jobs jobs, OpenHost host, LeaseDesk leases) {
        this.jobs = jobs;
        this.host = host;
        this.leases = leases;
    }

    private record Answer(int code, Object body) {}

    private record Problem(int status, String detail) {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            send(exchange, answer(exchange));
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        try {
            var caller = caller(exchange);
            if (caller.equals(SERVER)) {
                return route(exchange);
            }
            /* The one thing that agents say to each other; whose agent it is, the promise says. */
            if (isVoucher(exchange)) {
                return new Answer(
                        200, leases.vouch(read(exchange, VoucherRequest.class), host(caller)));
            }
            return problem(403, "only a client certificate with " + SERVER + " is served");
        } catch (JacksonException fault) {
            /* The message of the parser may quote the body, and there are keys in it. */
            return problem(400, "the body is not a valid order: " + where(fault));
        } catch (IllegalArgumentException fault) {
            return problem(400, String.valueOf(fault.getMessage()));
        } catch (AgentRefusal refusal) {
            return problem(404, String.valueOf(refusal.getMessage()));
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return problem(503, "the agent is ending");
        } catch (RuntimeException fault) {
            LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), fault);
            return problem(500, fault.getClass().getSimpleName());
        }
    }

    private static String where(JacksonException fault) {
        var words = String.valueOf(fault.getOriginalMessage()).lines().findFirst().orElse("");
        return words.startsWith("Missing") || words.contains("must ")
                ? words
                : fault.getClass().getSimpleName();
    }

    private static String caller(HttpExchange exchange) throws SSLPeerUnverifiedException {
        var peer = ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0];
        return peer instanceof X509Certificate certificate
                ? certificate.getSubjectX500Principal().getName()
                : "";
    }

    private static boolean isVoucher(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("POST")
                && exchange.getRequestURI().getRawPath().equals("/v1/vouchers");
    }

    /** Our authority certifies an agent under the name of its host. */
    private static HostId host(String caller) {
        return new HostId(caller.replaceFirst("^CN=", ""));
    }

    private <T> T read(HttpExchange exchange, Class<T> type) throws IOException {
        var body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw new IllegalArgumentException("a body has at most " + LARGEST_BODY + " bytes");
        }
        return json.readValue(body, type);
    }

    private Answer route(HttpExchange exchange) throws IOException, InterruptedException {
        var path = exchange.getRequestURI().getRawPath().split("/", -1);
        var query = Query.of(exchange.getRequestURI());
        var request = exchange.getRequestMethod() + " " + shape(path);
        return switch (request) {
            case "GET /v1/status" ->
                    new Answer(
                            200,
                            host.statusAfter(
                                    query.number("after", -1, Long.MAX_VALUE),
                                    query.duration("wait", Duration.ZERO, LONGEST_WAIT)));
            case "GET /v1/members/*/wal" ->
                    new Answer(
                            200,
                            host.wal(
                                    member(path[3]),
                                    (int) query.number("timeline", 1, Integer.MAX_VALUE),
                                    Lsn.parse(query.text("from")),
                                    (int) query.number("most", LARGEST_BODY, LARGEST_BODY)));
            case "PUT /v1/jobs/*" -> put(decoded(path[3]), exchange, query);
            case "POST /v1/leases" ->
                    new Answer(200, leases.round(read(exchange, LeaseRound.class)));
            case "GET /v1/members/*/witness" ->
                    new Answer(
                            200,
                            leases.witness(
                                    member(path[3]),
                                    query.duration(
                                            "timeout", Duration.ofMillis(500), LONGEST_WAIT)));
            case "GET /v1/members/*/log" ->
                    new Answer(
                            200,
                            host.log(
                                    member(path[3]), (int) query.number("lines", 100, MOST_LINES)));
            case "GET /v1/members/*/health" ->
                    new Answer(
                            200,
                            host.health(
                                    member(path[3]),
                                    query.duration(
                                            "timeout", Duration.ofSeconds(5), LONGEST_WAIT)));
            case "GET /v1/members/*/sessions" -> new Answer(200, host.sessions(member(path[3])));
            case "GET /v1/members/*/parameters" ->
                    new Answer(200, host.parameters(member(path[3])));
            case "GET /v1/postgres/*/parameters" ->
                    new Answer(
                            200,
                            host.definitions(
                                    Integer.parseInt(decoded(path[3])),
                                    decoded(query.values().getOrDefault("libraries", ""))));
            default -> problem(404, "there is no " + exchange.getRequestMethod() + " of that path");
        };
    }

    /** The path with its variable part left out. */
    private static String shape(String[] path) {
        var shape = path.clone();
        if (shape.length > 3) {
            shape[3] = "*";
        }
        return String.join("/", shape);
    }

    private Answer put(String key, HttpExchange exchange, Query query)
            throws IOException, InterruptedException {
        var body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            return problem(413, "an order has at most " + LARGEST_BODY + " bytes");
        }
        if (key.isBlank() || key.length() > 500) {
            return problem(400, "a key has 1 to 500 characters");
        }
        var envelope = json.readValue(body, OrderEnvelope.class);
        var wait = query.duration("wait", Duration.ZERO, LONGEST_WAIT);
        var status = jobs.put(key, envelope, wait);
        return new Answer(code(status.state()), status);
    }

    private static int code(JobStatus.State state) {
        return switch (state) {
            case Running -> 202;
            case Succeeded, Failed -> 200;
            case Refused -> 409;
        };
    }

    private static MemberId member(String part) {
        return new MemberId(decoded(part));
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static Answer problem(int code, String words) {
        return new Answer(code, new Problem(code, words));
    }

    private void send(HttpExchange exchange, Answer answer) throws IOException {
        var bytes = json.writeValueAsBytes(answer.body());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.code(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
