package dev.toygres.e2e;

import dev.toygres.api.Credentials;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writers with a ledger: each commits one numbered row at a time and remembers what was
 * acknowledged. A failed statement is remembered too, and the writer connects again.
 */
public final class Load implements AutoCloseable {
    private static final int WRITERS = 4;

    /** Together about 200 commits a second. */
    private static final Duration PAUSE = Duration.ofMillis(18);

    private final Credentials credentials;
    private final String host;
    private final int port;
    private final String table;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentSkipListSet<Long> acknowledged = new ConcurrentSkipListSet<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong longestGapNanos = new AtomicLong();
    private final AtomicLong lastAck = new AtomicLong(System.nanoTime());
    private final List<Thread> writers = new ArrayList<>();
    private volatile boolean stopping;

    private Load(Credentials credentials, String host, int port) {
        this.table = "ledger_" + port;
        this.credentials = credentials;
        this.host = host;
        this.port = port;
    }

    /** Starts writing to the instance through its read-write or its pooled endpoint. */
    public static Load on(Home home, String id, boolean pooled) throws SQLException {
        try (ToygresClient client = home.client()) {
            var endpoints = client.getInstance(id).endpoints().orElseThrow();
            var address = pooled ? endpoints.pooled() : endpoints.readWrite();
            Load load = new Load(client.getCredentials(id), address.host(), address.port());
            load.start();
            return load;
        }
    }

    private void start() throws SQLException {
        try (Connection connection = Home.connect(credentials, host, port);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table if not exists " + table + " (number bigint primary key)");
            // Behind what a load before this one has written.
            try (ResultSet rows =
                    statement.executeQuery("select coalesce(max(number), 0) from " + table)) {
                rows.next();
                numbers.set(rows.getLong(1));
            }
        }
        for (int i = 0; i < WRITERS; i++) {
            writers.add(Thread.ofVirtual().name("writer-" + i).start(this::write));
        }
    }

    private void write() {
        while (!stopping) {
            try (Connection connection = Home.connect(credentials, host, port);
                    PreparedStatement insert =
                            connection.prepareStatement("insert into " + table + " values (?)")) {
                while (!stopping) {
                    long number = numbers.incrementAndGet();
                    insert.setLong(1, number);
                    insert.executeUpdate();
                    acknowledge(number);
                    pause();
                }
            } catch (SQLException e) {
                failures.add(e.getSQLState() + " " + e.getMessage());
                pause();
            }
        }
    }

    private void acknowledge(long number) {
        acknowledged.add(number);
        long now = System.nanoTime();
        longestGapNanos.accumulateAndGet(now - lastAck.getAndSet(now), Math::max);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public List<String> failures() {
        return List.copyOf(failures);
    }

    public long acknowledgedCount() {
        return acknowledged.size();
    }

    /** Until so many rows more have been acknowledged. */
    public void awaitMore(int rows) {
        long enough = acknowledgedCount() + rows;
        Eventually.until(Duration.ofSeconds(90), "rows flow", () -> acknowledgedCount() > enough);
    }

    /** The longest time without an acknowledged commit so far. */
    public Duration longestGap() {
        return Duration.ofNanos(longestGapNanos.get());
    }

    /** The same, measured from here on anew. */
    public Duration takeLongestGap() {
        return Duration.ofNanos(longestGapNanos.getAndSet(0));
    }

    /** Acknowledged rows that are not there. */
    public List<Long> lost() throws SQLException {
        List<Long> missing = new ArrayList<>(acknowledged);
        try (Connection connection = Home.connect(credentials, host, port);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select number from " + table)) {
            java.util.Set<Long> there = new java.util.HashSet<>();
            while (rows.next()) {
                there.add(rows.getLong(1));
            }
            missing.removeIf(there::contains);
        }
        return missing;
    }

    /** No more rows after this. */
    public Load stop() {
        stopping = true;
        for (Thread writer : writers) {
            try {
                writer.join(TimeUnit.SECONDS.toMillis(70));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return this;
    }

    @Override
    public void close() {
        stop();
    }
}
