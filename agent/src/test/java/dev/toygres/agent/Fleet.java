package dev.toygres.agent;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Limits;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.Certificate;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.agentapi.HostStatus.Replication;
import dev.toygres.agentapi.HttpAgent;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Drained;
import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.agentapi.OrderResult.Fenced;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.agentapi.OrderResult.Promoted;
import dev.toygres.agentapi.OrderResult.Rejoined;
import dev.toygres.agentapi.Passphrase;
import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.agentapi.Repository;
import dev.toygres.agentapi.Upstream;
import dev.toygres.agentapi.lease.Electorate;
import dev.toygres.agentapi.lease.Electorate.Elector;
import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.LeaseStanding;
import dev.toygres.agentapi.tls.CertificateAuthority;
import dev.toygres.agentapi.tls.Tls;
import dev.toygres.model.HostId;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import dev.toygres.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;

/** Several hosts, each with an agent and at most one member {@code app-N} on host N. */
final class Fleet implements AutoCloseable {
    static final InstanceId APP = new InstanceId("app");
    private static final Map<String, String> SETTINGS =
            Map.of("shared_buffers", "16MB", "max_connections", "60");

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    final Path home;
    final Secret owner = Passphrase.random();
    final Secret pooler = Passphrase.random();
    final Secret replicator = Passphrase.random();
    private final CertificateAuthority authority = CertificateAuthority.create("toygres app");
    private final Certificate certificate;
    private final List<AgentDaemon> daemons = new ArrayList<>();
    private final List<HttpAgent> agents = new ArrayList<>();
    private final List<Address> addresses = new ArrayList<>();
    private final Limits limits;
    private int orders;
    long term = 1;

    Fleet(int hosts) {
        this(hosts, Limits.USUAL);
    }

    Fleet(int hosts, Limits limits) {
        this.limits = limits;
        try {
            home = Files.createTempDirectory("toygres-fleet");
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException cause) {
            throw new IllegalStateException(cause);
        }
        var binds = List.of("127.0.0.1", "127.0.0.2", "127.0.0.3");
        var names = new ArrayList<>(binds);
        names.add("localhost");
        for (int host = 1; host <= hosts; host++) {
            var identity = Workshop.AUTHORITY.issuePeer("host-" + host, names);
            Durable.write(home.resolve("agent-" + host + ".crt"), identity.certificate());
            Durable.write(home.resolve("agent-" + host + ".key"), identity.key());
        }
        Durable.write(home.resolve("ca.crt"), Workshop.AUTHORITY.certificate());
        Durable.write(home.resolve("app-ca.crt"), authority.certificate());
        var issued = authority.issueServer("app", names);
        certificate = new Certificate(issued.certificate(), issued.key(), authority.certificate());
        SharedTemplate.into(templates());
        for (int host = 1; host <= hosts; host++) {
            daemons.add(daemon(host, CrashPoint.NONE));
            agents.add(connect(daemons.getLast()));
            addresses.add(new Address("unknown", 0));
        }
    }

    private Path templates() {
        return home.resolve("hosts/host-1/templates");
    }

    private AgentDaemon daemon(int host, CrashPoint crash) {
        var options =
                new AgentOptions(
                        home,
                        new HostId("host-" + host),
                        "local",
                        "local-a",
                        "127.0.0." + host,
                        0,
                        home.resolve("agent-" + host + ".crt"),
                        home.resolve("agent-" + host + ".key"),
                        home.resolve("ca.crt"),
                        Workshop.GUARD,
                        Optional.empty(),
                        Path.of("/usr/lib/postgresql"),
                        List.of());
        return new AgentDaemon(options, limits, crash);
    }

    private static HttpAgent connect(AgentDaemon daemon) {
        var client = Workshop.AUTHORITY.issueClient("toygres-server");
        return new HttpAgent(
                daemon.address(), Tls.context(client, Workshop.AUTHORITY.certificate()));
    }

    HttpAgent agent(int host) {
        return agents.get(host - 1);
    }

    void stopAgent(int host) {
        agent(host).close();
        daemons.get(host - 1).close();
    }

    void startAgent(int host, CrashPoint crash) {
        daemons.set(host - 1, daemon(host, crash));
        agents.set(host - 1, connect(daemons.get(host - 1)));
    }

    void restartAgent(int host) {
        stopAgent(host);
        startAgent(host, CrashPoint.NONE);
    }

    /** The agent of that host dies at that point of the order; another takes over. */
    void dieDuring(int host, String point, Order order) throws InterruptedException {
        var death = new Dying(point);
        stopAgent(host);
        startAgent(host, death);
        var ignored =
                agent(host)
                        .put(
                                "dying " + point + ++orders,
                                Workshop.envelope(order, 1, 1),
                                Duration.ZERO);
        death.awaitDeath();
        restartAgent(host);
    }

    JobStatus put(int host, Order order) {
        var key = "op-" + ++orders;
        return agent(host).put(key, Workshop.envelope(order, 1, 1), Duration.ofSeconds(110));
    }

    void order(int host, Order order) {
        Workshop.succeeded(put(host, order));
    }

    <T> T order(int host, Order order, Class<T> type) {
        return Workshop.result(put(host, order), type);
    }

    static MemberId id(int host) {
        return new MemberId("app-" + host);
    }

    static String slot(int host) {
        return "app_" + host;
    }

    MemberUp createPrimary(int host) {
        return createPrimary(host, SETTINGS);
    }

    MemberUp createPrimary(int host, Map<String, String> settings) {
        var order =
                new Order.CreateMember(
                        id(host),
                        APP,
                        term,
                        Workshop.MAJOR,
                        settings,
                        "app",
                        Passphrase.verifier(owner),
                        Passphrase.verifier(pooler),
                        Passphrase.verifier(replicator),
                        "app",
                        certificate);
        return up(host, order);
    }

    /** To a member that is in nobody's way. */
    BackupOrder restoring(MemberId to, Repository source, String label, RecoveryTarget target) {
        return new BackupOrder.RestoreMember(
                to,
                new InstanceId(to.value()),
                1,
                Workshop.MAJOR,
                SETTINGS,
                source,
                label,
                target,
                "latest",
                "app",
                Passphrase.verifier(owner),
                Passphrase.verifier(pooler),
                Passphrase.verifier(replicator),
                "app",
                certificate,
                false);
    }

    MemberUp createReplica(int host, int of) {
        order(of, new Order.KeepSlot(id(of), term, slot(host)));
        return up(host, cloning(host, of, 0));
    }

    Order cloning(int host, int of, int rate) {
        return cloning(host, of, Optional.empty(), rate, false);
    }

    /** It follows the one, and is copied from the other. */
    Order cloning(int host, int of, Address from, int rate) {
        return cloning(host, of, Optional.of(from), rate, false);
    }

    /** By the run that destroyed what was there. */
    Order rebuilding(int host, int of) {
        return cloning(host, of, Optional.empty(), 0, true);
    }

    private Order cloning(
            int host, int of, Optional<Address> from, int rate, boolean afterDestroy) {
        return new Order.CreateReplica(
                id(host),
                APP,
                term,
                Workshop.MAJOR,
                SETTINGS,
                upstream(host, of),
                certificate,
                from,
                rate,
                afterDestroy);
    }

    MemberUp up(int host, Order order) {
        var up = order(host, order, MemberUp.class);
        addresses.set(host - 1, up.address());
        return up;
    }

    Upstream upstream(int host, int of) {
        return new Upstream(address(of), "toygres_replicator", replicator.reveal(), slot(host));
    }

    Address address(int host) {
        return addresses.get(host - 1);
    }

    void follow(int host, int of) {
        order(host, new Order.FollowMember(id(host), term, upstream(host, of)));
    }

    void sync(int host, int number, List<String> names) {
        order(host, new Order.SyncStandbys(id(host), term, number, names));
    }

    Order opening(int host, List<Address> readers) {
        return opening(host, readers, false);
    }

    Order opening(int host, List<Address> readers, boolean readersOnly) {
        return new Order.OpenEndpoint(
                APP,
                term,
                address(host),
                readers,
                readersOnly,
                "toygres_pooler",
                pooler.reveal(),
                certificate,
                Optional.empty(),
                Optional.empty());
    }

    /** In the place of whoever served these ports, and only as long as its agent is heard. */
    Order openingFor(int host, Optional<EndpointPorts> place, Duration silence) {
        return new Order.OpenEndpoint(
                APP,
                term,
                address(host),
                List.of(),
                false,
                "toygres_pooler",
                pooler.reveal(),
                certificate,
                place,
                Optional.of(silence));
    }

    /** The endpoint is on the third host. */
    EndpointPorts open(int at, int target, List<Address> readers) {
        return order(at, opening(target, readers), EndpointUp.class).ports();
    }

    void hold(int at, Duration timeout) {
        order(at, new Order.HoldEndpoint(APP, term, timeout));
    }

    Drained drain(int host, Duration timeout) {
        return order(host, new Order.DrainMember(id(host), term, timeout), Drained.class);
    }

    Fenced fence(int host) {
        return order(host, new Order.FenceMember(id(host), term), Fenced.class);
    }

    void await(int host, String lsn) {
        order(host, new Order.AwaitPosition(id(host), term, lsn, Duration.ofSeconds(20)));
    }

    Promoted promote(int host, List<String> sync) {
        return order(host, promotion(host, sync), Promoted.class);
    }

    Order promotion(int host, List<String> sync) {
        return new Order.PromoteMember(id(host), term, sync.isEmpty() ? 0 : 1, sync, List.of());
    }

    /** Fetches a challenge, and answers it for that host's member. */
    LeaseStanding grant(int host, long inTerm) {
        var challenge = agent(host).lease(LeaseRound.FIRST, PATIENCE);
        var grants = List.of(new LeaseRound.Grant(id(host), inTerm));
        return agent(host)
                .lease(new LeaseRound(challenge.bootId(), challenge.stampNs(), grants), PATIENCE);
    }

    JobStatus keepElectorate(int host, long version, long ttlMs, int... electors) {
        var list =
                IntStream.of(electors)
                        .mapToObj(
                                one ->
                                        new Elector(
                                                id(one),
                                                new HostId("host-" + one),
                                                daemons.get(one - 1).address()))
                        .toList();
        return put(
                host,
                new Order.KeepElectorate(id(host), term, new Electorate(version, ttlMs, list)));
    }

    JobStatus vouchFor(int elector, int primary, long ttlMs) {
        var order =
                new Order.VouchFor(
                        id(elector), APP, term, id(primary), new HostId("host-" + primary), ttlMs);
        return put(elector, order);
    }

    JobStatus prepare(int host, long forTerm, Duration deadline) {
        return put(host, new Order.Prepare(id(host), APP, forTerm, deadline));
    }

    Rejoined rejoin(int host, int of) {
        return rejoin(host, of, SETTINGS);
    }

    Rejoined rejoin(int host, int of, Map<String, String> settings) {
        order(of, new Order.KeepSlot(id(of), term, slot(host)));
        return order(host, rejoining(host, of, settings), Rejoined.class);
    }

    Order rejoining(int host, int of) {
        return rejoining(host, of, SETTINGS);
    }

    private Order rejoining(int host, int of, Map<String, String> settings) {
        return new Order.RejoinMember(
                id(host), term, upstream(host, of), certificate, settings, true);
    }

    MemberStatus status(int host) {
        return agent(host).status().members().getFirst();
    }

    Replication replication(int host) {
        return status(host).replication().orElseThrow();
    }

    Path memberHome(int host) {
        return home.resolve("hosts/host-" + host + "/members/app-" + host);
    }

    Connection sql(int host) throws SQLException {
        return sql(address(host).host(), address(host).port());
    }

    Connection sql(String host, int port) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", "app");
        properties.setProperty("password", owner.reveal());
        properties.setProperty("sslmode", "verify-full");
        properties.setProperty("sslrootcert", home.resolve("app-ca.crt").toString());
        properties.setProperty("connectTimeout", "40");
        properties.setProperty("loginTimeout", "40");
        properties.setProperty("prepareThreshold", "0");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + host + ":" + port + "/app", properties);
    }

    String ask(int host, String query) {
        try (var connection = sql(host)) {
            return Workshop.value(connection, query);
        } catch (SQLException cause) {
            throw new AssertionError(cause);
        }
    }

    void run(int host, String statement) {
        try (var connection = sql(host)) {
            Workshop.run(connection, statement);
        } catch (SQLException cause) {
            throw new AssertionError(cause);
        }
    }

    @Override
    public void close() {
        for (int host = 1; host <= daemons.size(); host++) {
            stopAgent(host);
        }
        Remains.endAllBelow(home);
        SharedTemplate.from(templates());
        Durable.delete(home);
    }
}
