package dev.toygres.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on one channel over a connection of its own, and connects again when that breaks. */
final class Ear implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ear.class);
    private static final int SLICE_MILLIS = 200;
    private static final int SILENT_SLICES = 25;
    private static final long FAREWELL_MILLIS = 1_000;
    private static final long PAUSE_MILLIS = 250;

    private final Database database;
    private final String channel;
    private final Consumer<String> heard;
    private final Runnable connected;
    private final Thread thread;
    private volatile @Nullable Connection current;
    private volatile boolean closed;

    /**
     * @param heard gets the payloads
     * @param connected called after every (re)connection: something may have been missed
     */
    Ear(Database database, String channel, Consumer<String> heard, Runnable connected) {
        this.database = database;
        this.channel = channel;
        this.heard = heard;
        this.connected = connected;
        this.thread = Thread.ofPlatform().daemon().name(channel).unstarted(this::listen);
    }

    void start() {
        thread.start();
    }

    private void listen() {
        while (!closed) {
            try (Connection connection = database.connect()) {
                current = connection;
                listen(connection);
            } catch (SQLException e) {
                LOG.debug("not listening on {}: {}", channel, e.getMessage());
                pause();
            } finally {
                current = null;
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen " + channel);
        }
        connected.run();
        PGConnection notifications = connection.unwrap(PGConnection.class);
        for (int silent = 0; !closed; silent++) {
            PGNotification[] news = notifications.getNotifications(SLICE_MILLIS);
            if (news != null && news.length > 0) {
                silent = 0;
                for (PGNotification notification : news) {
                    heard.accept(notification.getParameter());
                }
            } else if (silent >= SILENT_SLICES) {
                silent = 0;
                refuseSilence(connection);
            }
        }
        stopListening(connection);
    }

    /** A pool hands the connection to others. */
    private static void stopListening(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("unlisten *");
        }
    }

    /** A connection that died without a word would be silent for ever. */
    private static void refuseSilence(Connection connection) throws SQLException {
        if (!connection.isValid(2)) {
            throw new SQLException("the connection is gone");
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Short slices let the thread give its connection back; one that hangs is cut. */
    @Override
    public void close() {
        closed = true;
        if (!hasEnded()) {
            cut();
            thread.interrupt();
        }
    }

    private boolean hasEnded() {
        try {
            return Thread.currentThread().equals(thread)
                    || thread.getState() == Thread.State.NEW
                    || thread.join(Duration.ofMillis(FAREWELL_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void cut() {
        Connection connection = current;
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("the connection was gone already: {}", e.getMessage());
            }
        }
    }
}
