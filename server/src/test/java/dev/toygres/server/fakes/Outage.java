package dev.toygres.server.fakes;

import java.sql.SQLException;

/** A switch that takes the catalogue away. */
public final class Outage {
    private volatile boolean on;

    public void begin() {
        on = true;
    }

    public void end() {
        on = false;
    }

    public void check() {
        if (on) {
            throw new IllegalStateException(
                    "no connection", new SQLException("connection refused", "08001"));
        }
    }
}
