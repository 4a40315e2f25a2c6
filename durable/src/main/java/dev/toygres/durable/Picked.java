package dev.toygres.durable;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * An operation that this server picked up.
 *
 * @param fresh it was never picked before, so its journal is empty
 * @param knocks how many knocks there were when it was picked
 */
record Picked(
        String id,
        String type,
        String input,
        int generation,
        long token,
        long knocks,
        boolean cancelRequested,
        boolean noReturn,
        boolean fresh,
        double progress) {

    static Picked read(ResultSet row) throws SQLException {
        return new Picked(
                row.getString("id"),
                row.getString("type"),
                row.getString("input"),
                row.getInt("generation"),
                row.getLong("token"),
                row.getLong("knocks"),
                row.getObject("cancel_requested_at") != null,
                row.getBoolean("no_return"),
                row.getLong("old_token") == 0,
                row.getDouble("progress"));
    }
}
