package dev.toygres.e2e;

import dev.toygres.api.Credentials;
import dev.toygres.api.Instance;
import dev.toygres.api.Member;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Clients past the endpoints: each finds the primary among all members by itself, writes one
 * numbered row after the other, and remembers who acknowledged it when.
 */
final class DirectClients implements AutoCloseable {
    private static final int COUNT = 4;
    private static final long PAUSE_MILLIS = 15;
    private static final Duration SOON = Duration.ofSeconds(90);

    /** Who acknowledged a row, by its address, and when by {@link System#nanoTime()}. */
    record Ack(long number, String server, long at) {}

    private final String url;
    private final Properties properties = new Properties();
    private final AtomicLong numbers = new AtomicLong();
    private final Queue<Ack> acks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sessionsEnded = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    private DirectClients(Instance instance, Credentials credentials) {
        String hosts =
                instance.members().stream()
                        .map(DirectClients::address)
                        .collect(Collectors.joining(","));
        url =
                "jdbc:postgresql://%s/%s?targetServerType=primary"
                        .formatted(hosts, credentials.database());
        properties.setProperty("user", credentials.username());
        properties.setProperty("password", credentials.password());
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty("sslfactory", "org.postgresql.ssl.SingleCertValidatingFactory");
        properties.setProperty("sslfactoryarg", credentials.caCertificate());
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "30");
        // Who is the primary is asked anew each time.
        properties.setProperty("hostRecheckSeconds", "0");
    }

    private static String address(Member member) {
        return member.host() + ":" + member.port();
    }

    static DirectClients on(Home home, String id) throws SQLException {
        try (ToygresClient client = home.client()) {
            DirectClients clients =
                    new DirectClients(client.getInstance(id), client.getCredentials(id));
            clients.start();
            return clients;
        }
    }

    private void start() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists direct (number bigint primary key)");
            statement.execute("truncate direct");
        }
        for (int i = 0; i < COUNT; i++) {
            threads.add(Thread.ofPlatform().daemon().name("direct-" + i).start(this::write));
        }
    }

    private void write() {
        while (!stopping) {
            try (Connection connection = DriverManager.getConnection(url, properties);
                    Statement statement = connection.createStatement()) {
                String server = server(statement);
                while (!stopping) {
                    long number = numbers.incrementAndGet();
                    statement.executeUpdate("insert into direct values (" + number + ")");
                    acks.add(new Ack(number, server, System.nanoTime()));
                    pause();
                }
            } catch (SQLException ended) {
                sessionsEnded.incrementAndGet();
                pause();
            }
        }
    }

    private static String server(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select host(inet_server_addr())")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void awaitMore(int rows) {
        int enough = acks.size() + rows;
        Eventually.until(SOON, "rows flow", () -> acks.size() > enough);
    }

    /** Rows are acknowledged all that time. */
    void flowFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            awaitMore(50);
        }
    }

    List<Ack> acks() {
        return List.copyOf(acks);
    }

    List<Ack> acksOf(String server) {
        return acks.stream().filter(ack -> ack.server().equals(server)).toList();
    }

    int sessionsEnded() {
        return sessionsEnded.get();
    }

    /** What was acknowledged until now and is not there. */
    List<Ack> lost() throws SQLException {
        List<Ack> acknowledged = acks();
        Set<Long> there = new HashSet<>();
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select number from direct")) {
            while (rows.next()) {
                there.add(rows.getLong(1));
            }
        }
        return acknowledged.stream().filter(ack -> !there.contains(ack.number())).toList();
    }

    void stop() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join(40_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
