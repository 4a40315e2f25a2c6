package dev.toygres.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that this server lives, and takes over from those that do not.
 *
 * <p>A server that fell silent for the limit may have been taken over, so it gives up what it runs.
 * And since the catalogue may have been away for everybody, it takes over nothing for one full
 * limit after a silence of its own: that long the others have to say that they live.
 *
 * <p>A newcomer has no silence of its own, but may have come right after an outage. For one limit
 * it takes over only from those that beat since the catalogue came up: the catalogue was there
 * while they fell silent.
 */
final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final Database database;
    private final Servers servers;
    private final Runs runs;
    private final long interval;
    private final long limit;
    private final BooleanSupplier fit;
    private final Runnable released;
    private @Nullable Connection connection;
    private Set<Servers.Owned> strays = Set.of();
    private volatile long lastBeat = System.nanoTime();
    private long quietUntil = System.nanoTime();
    private boolean failed = true;
    private boolean begun;
    private boolean newcomer = true;
    private volatile boolean accepting;

    Heartbeat(Ground ground, Servers servers, Runs runs, BooleanSupplier fit, Runnable released) {
        this.database = ground.database();
        this.servers = servers;
        this.runs = runs;
        this.fit = fit;
        this.released = released;
        this.interval = ground.options().heartbeat().toNanos();
        this.limit = ground.options().limit().toNanos();
    }

    /** Whether this server may pick: it lives, and everybody can know. */
    boolean isAccepting() {
        return accepting && System.nanoTime() - lastBeat < limit;
    }

    /** One beat and what follows from it. */
    synchronized void beat() {
        long now = System.nanoTime();
        if (now - lastBeat > limit && accepting) {
            LOG.warn("silent for {} ms: giving up what runs here", (now - lastBeat) / 1_000_000);
            accepting = false;
            runs.loseAll();
        }
        if (begun && now - lastBeat > 2 * interval) {
            fallSilent();
        }
        try {
            beat(connection(), now);
        } catch (SQLException e) {
            LOG.info("heartbeat failed: {}", e.getMessage());
            fallSilent();
            disconnect();
        }
    }

    private void fallSilent() {
        failed = true;
        newcomer = false;
    }

    private void beat(Connection open, long now) throws SQLException {
        List<Servers.Owned> owned = servers.beat(open);
        if (failed) {
            failed = false;
            quietUntil = System.nanoTime() + limit;
        }
        begun = true;
        lastBeat = now;
        if (!fit.getAsBoolean()) {
            standBack(open);
            return;
        }
        if (accepting) {
            heed(open, owned);
        } else {
            servers.releaseOwn(open);
            accepting = true;
            released.run();
        }
        takeOver(open);
    }

    /** Also what was picked meanwhile; it is fenced by the new token that it gets. */
    private void standBack(Connection open) throws SQLException {
        accepting = false;
        runs.loseAll();
        servers.releaseOwn(open);
    }

    private void heed(Connection open, List<Servers.Owned> owned) throws SQLException {
        var missing = new HashSet<Servers.Owned>();
        for (Servers.Owned operation : owned) {
            Run run = runs.find(operation.token());
            if (run == null) {
                missing.add(operation);
            } else if (operation.cancelled()) {
                run.interrupts().cancel();
            }
        }
        for (Servers.Owned stray : missing) {
            if (strays.contains(stray)) {
                servers.releaseStray(open, stray);
                released.run();
            }
        }
        strays = missing;
    }

    private void takeOver(Connection open) throws SQLException {
        boolean quiet = System.nanoTime() - quietUntil < 0;
        int taken = quiet ? releaseForSure(open) : servers.releaseDead(open);
        if (taken > 0) {
            LOG.warn("took over {} operations", taken);
            released.run();
        }
    }

    private int releaseForSure(Connection open) throws SQLException {
        return newcomer ? servers.releaseDeadSinceUp(open) : servers.releaseOrphans(open);
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = database.connect();
            // A catalogue that hangs must not hang the pulse.
            open.setNetworkTimeout(Runnable::run, (int) Math.max(1000, 2 * interval / 1_000_000));
            connection = open;
        }
        return open;
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("the connection was gone already: {}", e.getMessage());
            }
        }
    }

    /** Says goodbye, so that others need not wait for our death. */
    synchronized void leave() {
        try {
            servers.leave(connection());
        } catch (SQLException e) {
            LOG.info("left without a word: {}", e.getMessage());
        }
        accepting = false;
        disconnect();
    }

    @Override
    public synchronized void close() {
        accepting = false;
        disconnect();
    }
}
