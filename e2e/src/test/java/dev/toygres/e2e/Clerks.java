package dev.toygres.e2e;

import dev.toygres.testkit.Eventually;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;

/**
 * Clients at work with a ledger of two columns: which rows were begun, and which were acknowledged.
 * A point in time that is between two looks at it has at least the acknowledged rows of the first,
 * and at most the begun rows of the second.
 */
final class Clerks implements AutoCloseable {
    private static final int CLERKS = 4;
    private static final Duration PAUSE = Duration.ofMillis(15);

    private final Home home;
    private final String id;
    private final Set<Long> begun = new ConcurrentSkipListSet<>();
    private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    private Clerks(Home home, String id) {
        this.home = home;
        this.id = id;
    }

    static Clerks on(Home home, String id) throws SQLException {
        Sql.execute(home, id, "create table work (number bigint primary key, bulk text)");
        Clerks clerks = new Clerks(home, id);
        for (int i = 0; i < CLERKS; i++) {
            long first = i;
            clerks.threads.add(Thread.ofVirtual().start(() -> clerks.work(first)));
        }
        return clerks;
    }

    private void work(long first) {
        long number = first;
        while (!stopping) {
            try (Connection connection = home.connect(id, false);
                    PreparedStatement insert =
                            connection.prepareStatement(
                                    "insert into work values (?, repeat(md5(?::text), 30))")) {
                while (!stopping) {
                    number += CLERKS;
                    begun.add(number);
                    insert.setLong(1, number);
                    insert.setLong(2, number);
                    insert.executeUpdate();
                    acknowledged.add(number);
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                }
            } catch (SQLException again) {
                Thread.onSpinWait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    void awaitMore(int rows) {
        int enough = acknowledged.size() + rows;
        Eventually.until(Duration.ofSeconds(90), "clerks work", () -> acknowledged.size() > enough);
    }

    Set<Long> acknowledged() {
        return new HashSet<>(acknowledged);
    }

    Set<Long> begun() {
        return new HashSet<>(begun);
    }

    /** What an instance has of them. */
    static Collection<Long> rows(Home home, String id) throws SQLException {
        Set<Long> rows = new HashSet<>();
        try (Connection connection = home.connect(id, false);
                Statement statement = connection.createStatement();
                var all = statement.executeQuery("select number from work")) {
            while (all.next()) {
                rows.add(all.getLong(1));
            }
        }
        return rows;
    }

    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(70));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
