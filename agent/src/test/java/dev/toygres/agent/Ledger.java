package dev.toygres.agent;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Writers that note each row that was acknowledged, each error, and the longest silence. */
final class Ledger implements AutoCloseable {
    private static final int WRITERS = 4;

    /** Where writers write: a connection that may be opened again. */
    interface Door {
        java.sql.Connection open() throws SQLException;
    }

    final Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
    final List<String> errors = java.util.Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong lastAt = new AtomicLong(System.nanoTime());
    private final AtomicLong longest = new AtomicLong();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean going = true;

    Ledger(Door door) {
        for (int i = 0; i < WRITERS; i++) {
            threads.execute(() -> write(door));
        }
    }

    private void write(Door door) {
        while (going) {
            try (var connection = door.open();
                    var statement = connection.createStatement()) {
                while (going) {
                    var row = next.incrementAndGet();
                    statement.execute("INSERT INTO ledger VALUES (" + row + ")");
                    acknowledged.add(row);
                    var now = System.nanoTime();
                    longest.accumulateAndGet(now - lastAt.getAndSet(now), Math::max);
                    Thread.sleep(5);
                }
            } catch (SQLException failure) {
                errors.add(failure.getSQLState() + " " + failure.getMessage());
            } catch (InterruptedException ending) {
                return;
            }
        }
    }

    /** Milliseconds. */
    long longestGap() {
        return longest.get() / 1_000_000;
    }

    void forgetGap() {
        longest.set(0);
    }

    @Override
    public void close() {
        end();
    }

    /** Returns when all writers have got their last answer. */
    void end() {
        going = false;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
