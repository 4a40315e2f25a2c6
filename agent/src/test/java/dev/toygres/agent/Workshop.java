package dev.toygres.agent;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Limits;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.Certificate;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.agentapi.HttpAgent;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.agentapi.Passphrase;
import dev.toygres.agentapi.tls.CertificateAuthority;
import dev.toygres.agentapi.tls.Tls;
import dev.toygres.model.HostId;
import dev.toygres.model.InstanceId;
import dev.toygres.model.Lane;
import dev.toygres.model.MemberId;
import dev.toygres.model.Secret;
import dev.toygres.model.StopMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** A home with one agent in it, that can be lost and started again; leaves nothing behind. */
final class Workshop implements AutoCloseable {
    static final CertificateAuthority AUTHORITY = CertificateAuthority.create("toygres test");
    static final Duration WAIT = Duration.ofSeconds(60);
    static final String BIND = "127.0.0.1";
    static final int MAJOR = 15;
    static final Path GUARD = compiledGuard();

    final Path home;
    final Secret ownerPassword = Passphrase.random();
    final Secret poolerPassword = Passphrase.random();
    final Secret replicatorPassword = Passphrase.random();
    final CertificateAuthority instanceAuthority = CertificateAuthority.create("toygres app");
    final Certificate certificate = certificate();
    final String ownerVerifier = Passphrase.verifier(ownerPassword);
    private AgentDaemon daemon;
    private HttpAgent agent;
    private int orders;
    private long token = 1;

    Workshop() {
        try {
            home = Files.createTempDirectory("toygres-agent");
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException cause) {
            throw new IllegalStateException(cause);
        }
        writeAgentIdentity();
        SharedTemplate.into(templates());
        daemon = new AgentDaemon(options(), Limits.USUAL, CrashPoint.NONE);
        agent = connect();
    }

    private static Path compiledGuard() {
        try {
            var target = Files.createDirectories(Path.of("target")).toAbsolutePath();
            var directory = Files.createTempDirectory("toygres-guard");
            var program = directory.resolve("guard");
            var line =
                    List.of(
                            "cc",
                            "-O2",
                            "-Wall",
                            "-Wextra",
                            "-Werror",
                            "-o",
                            program.toString(),
                            target.resolveSibling("src/main/c/guard.c").toString(),
                            target.resolveSibling("src/main/c/keeper.c").toString());
            if (new ProcessBuilder(line).inheritIO().start().waitFor() != 0) {
                throw new IllegalStateException("the guard does not compile");
            }
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx--x--x"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Durable.delete(directory)));
            return program;
        } catch (IOException | InterruptedException cause) {
            throw new IllegalStateException(cause);
        }
    }

    private Path templates() {
        return home.resolve("hosts/host-1/templates");
    }

    private void writeAgentIdentity() {
        var identity = AUTHORITY.issueServer("toygres-agent", List.of(BIND, "localhost"));
        Durable.write(home.resolve("agent.crt"), identity.certificate());
        Durable.write(home.resolve("agent.key"), identity.key());
        Durable.write(home.resolve("ca.crt"), AUTHORITY.certificate());
        Durable.write(home.resolve("app-ca.crt"), instanceAuthority.certificate());
    }

    private Certificate certificate() {
        var identity = instanceAuthority.issueServer("app", List.of(BIND, "localhost"));
        return new Certificate(
                identity.certificate(), identity.key(), instanceAuthority.certificate());
    }

    AgentOptions options() {
        return options(Path.of("/usr/lib/postgresql"));
    }

    AgentOptions options(Path postgresRoot) {
        return new AgentOptions(
                home,
                new HostId("host-1"),
                "local",
                "local-a",
                BIND,
                0,
                home.resolve("agent.crt"),
                home.resolve("agent.key"),
                home.resolve("ca.crt"),
                GUARD,
                Optional.empty(),
                postgresRoot,
                List.of());
    }

    private HttpAgent connect() {
        var client = AUTHORITY.issueClient("toygres-server");
        return new HttpAgent(daemon.address(), Tls.context(client, AUTHORITY.certificate()));
    }

    HttpAgent agent() {
        return agent;
    }

    AgentDaemon daemon() {
        return daemon;
    }

    /** The agent ends and another one takes over; what it started goes on. */
    void restartAgent(CrashPoint crash) {
        stopAgent();
        daemon = new AgentDaemon(options(), Limits.USUAL, crash);
        agent = connect();
    }

    /** Something happens while no agent is here. */
    void restartAgent(Runnable meanwhile) {
        stopAgent();
        meanwhile.run();
        daemon = new AgentDaemon(options(), Limits.USUAL, CrashPoint.NONE);
        agent = connect();
    }

    void restartAgent(AgentOptions options, Limits limits) {
        stopAgent();
        daemon = new AgentDaemon(options, limits, CrashPoint.NONE);
        agent = connect();
    }

    void restartAgent() {
        restartAgent(CrashPoint.NONE);
    }

    private void stopAgent() {
        agent.close();
        daemon.close();
    }

    Order.CreateMember creation(String member, String instance) {
        return new Order.CreateMember(
                new MemberId(member),
                new InstanceId(instance),
                1,
                MAJOR,
                Map.of("shared_buffers", "16MB", "max_connections", "30"),
                "app",
                ownerVerifier,
                Passphrase.verifier(poolerPassword),
                Passphrase.verifier(replicatorPassword),
                "app",
                certificate);
    }

    JobStatus order(Order order) {
        return order(order, token);
    }

    JobStatus order(Order order, long withToken) {
        return order("op-" + ++orders + "/step", order, withToken, 1);
    }

    JobStatus order(String key, Order order, long withToken, int attempt) {
        return agent.put(key, envelope(order, withToken, attempt), WAIT);
    }

    /** Backups are in their own lane; their subject is what they are about. */
    JobStatus backup(BackupOrder order) {
        return backup("op-" + ++orders + "/step", order, 1);
    }

    /** Nobody waits for its end. */
    void begin(String key, BackupOrder order) {
        var envelope = new OrderEnvelope(order.subject(), Lane.backup, token, 1, order);
        var ignored = agent.put(key, envelope, Duration.ZERO);
    }

    JobStatus backup(String key, BackupOrder order, int attempt) {
        var envelope = new OrderEnvelope(order.subject(), Lane.backup, token, attempt, order);
        var status = agent.put(key, envelope, WAIT);
        return status.state() == JobStatus.State.Running ? agent.put(key, envelope, WAIT) : status;
    }

    static OrderEnvelope envelope(Order order, long token, int attempt) {
        return new OrderEnvelope(subject(order), Lane.topology, token, attempt, order);
    }

    private static String subject(Order order) {
        var tree = AgentJson.mapper().valueToTree(order);
        return tree.path("memberId").asString(tree.path("instanceId").asString("app-1"));
    }

    void nextToken() {
        token++;
    }

    MemberUp create(String member) {
        return memberUp(order(creation(member, "app")));
    }

    MemberUp start(String member) {
        return memberUp(order(new Order.StartMember(new MemberId(member), 1, Optional.empty())));
    }

    MemberUp restart(String member) {
        return memberUp(order(new Order.RestartMember(new MemberId(member), 1)));
    }

    void stop(String member, StopMode mode) {
        succeeded(order(new Order.StopMember(new MemberId(member), 1, mode)));
    }

    void destroy(String member) {
        succeeded(order(new Order.DestroyMember(new MemberId(member), 1)));
    }

    EndpointPorts openEndpoint(MemberUp member, long term) {
        var order =
                new Order.OpenEndpoint(
                        new InstanceId("app"),
                        term,
                        member.address(),
                        List.of(),
                        false,
                        "toygres_pooler",
                        poolerPassword.reveal(),
                        certificate,
                        Optional.empty(),
                        Optional.empty());
        return result(order(order), EndpointUp.class).ports();
    }

    void hold(long term, Duration patience) {
        succeeded(order(new Order.HoldEndpoint(new InstanceId("app"), term, patience)));
    }

    void closeEndpoint(long term) {
        succeeded(order(new Order.CloseEndpoint(new InstanceId("app"), term)));
    }

    static MemberUp memberUp(JobStatus status) {
        return result(status, MemberUp.class);
    }

    static JobStatus succeeded(JobStatus status) {
        if (status.state() != JobStatus.State.Succeeded) {
            throw new AssertionError(status.toString());
        }
        return status;
    }

    static <T> T result(JobStatus status, Class<T> type) {
        return AgentJson.mapper().treeToValue(succeeded(status).result().orElseThrow(), type);
    }

    MemberStatus member(String id) {
        return agent.status().members().stream()
                .filter(member -> member.memberId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    Path memberHome(String id) {
        return home.resolve("hosts/host-1/members").resolve(id);
    }

    Connection sql(int port) throws SQLException {
        return sql(port, "app", ownerPassword.reveal(), "app", "verify-full");
    }

    Connection sql(int port, String role, String password, String database, String tls)
            throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("password", password);
        properties.setProperty("sslmode", tls);
        properties.setProperty("sslrootcert", home.resolve("app-ca.crt").toString());
        properties.setProperty("connectTimeout", "70");
        properties.setProperty("loginTimeout", "70");
        properties.setProperty("prepareThreshold", "0");
        var url = "jdbc:postgresql://" + BIND + ":" + port + "/" + database;
        return DriverManager.getConnection(url, properties);
    }

    static String value(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    static void run(Connection connection, String statementText) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(statementText);
        }
    }

    /** Everything of this home goes, by the agent's own orders where they still work. */
    @Override
    public void close() {
        stopAgent();
        Remains.endAllBelow(home);
        SharedTemplate.from(templates());
        Durable.delete(home);
    }
}
