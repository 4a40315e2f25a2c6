package dev.toygres.agentapi;

import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.LeaseStanding;
import dev.toygres.agentapi.lease.VoucherRequest;
import dev.toygres.agentapi.lease.VoucherRequest.Voucher;
import dev.toygres.agentapi.lease.Witness;
import dev.toygres.model.parameter.ParameterDefinition;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to an agent over HTTP with mutual TLS. Safe for use by many threads. */
public final class HttpAgent implements Agent, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** What an answer may take beyond the time that the agent was asked to wait. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** A scratch server is made, started and removed. */
    private static final Duration SCRATCH = Duration.ofMinutes(2);

    /** Whoever does not answer within that is not there, as far as a look is concerned. */
    private static final Duration PULSE = Duration.ofSeconds(2);

    private final URI root;
    private final HttpClient http;
    private final JsonMapper json = AgentJson.mapper();

    /**
     * @param tls shows the server's certificate and trusts the CA that issued the agent's
     */
    public HttpAgent(Address address, SSLContext tls) {
        var host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
        root = URI.create("https://" + host + ":" + address.port());
        http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(tls)
                        .connectTimeout(CONNECT)
                        .build();
    }

    @Override
    public HostStatus status() {
        return read(get("/v1/status", GRACE), HostStatus.class);
    }

    @Override
    public HostStatus statusAfter(long pulse, Duration wait) {
        var path = "/v1/status?after=" + pulse + "&wait=" + wait.toMillis();
        return read(get(path, wait.plus(PULSE)), HostStatus.class);
    }

    @Override
    public WalPiece wal(String memberId, int timeline, String from, int most) {
        var path =
                "/v1/members/%s/wal?timeline=%d&from=%s&most=%d"
                        .formatted(encoded(memberId), timeline, encoded(from), most);
        return read(get(path, GRACE), WalPiece.class);
    }

    @Override
    public JobStatus put(String key, OrderEnvelope order, Duration wait) {
        var path = "/v1/jobs/" + encoded(key) + "?wait=" + wait.toMillis();
        var body = HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(order));
        var request = request(path, wait.plus(GRACE)).PUT(body);
        return read(send(request, Set.of(200, 202, 409)), JobStatus.class);
    }

    @Override
    public List<String> log(String memberId, int lines) {
        var body = get("/v1/members/" + encoded(memberId) + "/log?lines=" + lines, GRACE);
        try {
            return json.readValue(body, new TypeReference<List<String>>() {});
        } catch (JacksonException cause) {
            throw new AgentUnreachable("the answer of " + root + " makes no sense", cause);
        }
    }

    @Override
    public MemberHealth health(String memberId, Duration timeout) {
        var path = "/v1/members/" + encoded(memberId) + "/health?timeout=" + timeout.toMillis();
        return read(get(path, timeout.plus(GRACE)), MemberHealth.class);
    }

    @Override
    public MemberSessions sessions(String memberId) {
        var path = "/v1/members/" + encoded(memberId) + "/sessions";
        return read(get(path, GRACE), MemberSessions.class);
    }

    @Override
    public MemberParameters parameters(String memberId) {
        var path = "/v1/members/" + encoded(memberId) + "/parameters";
        return read(get(path, GRACE), MemberParameters.class);
    }

    @Override
    public List<ParameterDefinition> definitions(int postgresMajor, String libraries) {
        var path = "/v1/postgres/" + postgresMajor + "/parameters?libraries=" + encoded(libraries);
        try {
            return json.readValue(get(path, SCRATCH), new TypeReference<>() {});
        } catch (JacksonException cause) {
            throw new AgentUnreachable("the answer of " + root + " makes no sense", cause);
        }
    }

    @Override
    public LeaseStanding lease(LeaseRound round, Duration timeout) {
        return post("/v1/leases", round, timeout, LeaseStanding.class);
    }

    /** As the agent of another host. */
    public Voucher vouch(VoucherRequest asked, Duration timeout) {
        return post("/v1/vouchers", asked, timeout, Voucher.class);
    }

    @Override
    public Witness witness(String memberId, Duration timeout) {
        var path = "/v1/members/" + encoded(memberId) + "/witness?timeout=" + timeout.toMillis();
        return read(get(path, timeout.multipliedBy(2)), Witness.class);
    }

    private <T> T post(String path, Object body, Duration timeout, Class<T> type) {
        var bytes = HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body));
        return read(send(request(path, timeout).POST(bytes), Set.of(200)), type);
    }

    private byte[] get(String path, Duration timeout) {
        return send(request(path, timeout).GET(), Set.of(200));
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(root.resolve(path))
                .timeout(timeout)
                .header("Content-Type", "application/json");
    }

    private byte[] send(HttpRequest.Builder request, Set<Integer> good) {
        try {
            var answer = http.send(request.build(), BodyHandlers.ofByteArray());
            if (good.contains(answer.statusCode())) {
                return answer.body();
            }
            throw trouble(answer);
        } catch (IOException cause) {
            throw new AgentUnreachable("no answer from the agent at " + root, cause);
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw new AgentUnreachable("interrupted while asking the agent at " + root, cause);
        }
    }

    private RuntimeException trouble(HttpResponse<byte[]> answer) {
        var words = detail(answer.body());
        var message = "agent at " + root + " answered " + answer.statusCode() + ": " + words;
        return answer.statusCode() < 500
                ? new AgentRefusal(words)
                : new AgentUnreachable(message, new IOException(message));
    }

    /** People read a no of the agent: its words, without the form they came in. */
    private String detail(byte[] problem) {
        try {
            return json.readTree(problem)
                    .optional("detail")
                    .flatMap(JsonNode::asStringOpt)
                    .orElseGet(() -> new String(problem, StandardCharsets.UTF_8));
        } catch (JacksonException noProblem) {
            return new String(problem, StandardCharsets.UTF_8);
        }
    }

    private <T> T read(byte[] body, Class<T> type) {
        try {
            return json.readValue(body, type);
        } catch (JacksonException cause) {
            throw new AgentUnreachable("the answer of " + root + " makes no sense", cause);
        }
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.close();
    }
}
