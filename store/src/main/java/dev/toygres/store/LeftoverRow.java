package dev.toygres.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * A member or an endpoint that has to be destroyed yet.
 *
 * @param id of the member; of an endpoint the instance's
 * @param term the last that it can have heard of
 * @param reason why it is still there
 */
public record LeftoverRow(
        String hostId,
        Kind kind,
        String id,
        String instanceId,
        long term,
        String reason,
        Instant leftAt) {

    /** What it is. */
    public enum Kind {
        Member,
        Endpoint
    }

    static LeftoverRow from(ResultSet row) throws SQLException {
        return new LeftoverRow(
                row.getString("host_id"),
                Kind.valueOf(row.getString("kind")),
                row.getString("id"),
                row.getString("instance_id"),
                row.getLong("term"),
                row.getString("reason"),
                row.getTimestamp("left_at").toInstant());
    }

    /** In words for people. */
    public String words() {
        return switch (kind) {
            case Member -> "member " + id;
            case Endpoint -> "the address of " + id;
        };
    }
}
