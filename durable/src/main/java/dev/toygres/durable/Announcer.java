package dev.toygres.durable;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells watchers which operations changed, many in one go: a NOTIFY makes commits wait for each
 * other, so it has no place in the transactions of steps.
 */
final class Announcer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final long GATHERING_MILLIS = 20;
    private static final String TELL =
            """
            select set_config('synchronous_commit', 'off', true),
                pg_notify(case when id = '' then ? else ? end, id)
            from unnest(?) as id
            """;

    private final Database database;
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final Semaphore news = new Semaphore(0);
    private volatile boolean closed;

    Announcer(Database database) {
        this.database = database;
    }

    void changed(String id) {
        if (changed.add(id)) {
            news.release();
        }
    }

    /** There is work that another server may pick up. */
    void wakeOthers() {
        changed("");
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                news.acquire();
                TimeUnit.MILLISECONDS.sleep(GATHERING_MILLIS);
                flush();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (CatalogueFault e) {
                LOG.info("watchers were not told: {}", e.getMessage());
            }
        }
    }

    void flush() {
        news.drainPermits();
        String[] ids = changed.toArray(String[]::new);
        if (ids.length > 0) {
            changed.removeAll(Set.of(ids));
            database.transaction(
                    c -> Sql.list(c, TELL, row -> "", Channels.WAKE, Channels.CHANGE, ids));
        }
    }

    void close() {
        closed = true;
    }
}
