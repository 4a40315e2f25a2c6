package dev.toygres.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;

/**
 * A host as the catalogue has it.
 *
 * @param status what its agent last answered, JSON
 */
public record HostRow(
        String id,
        String region,
        String availabilityZone,
        String agentHost,
        int agentPort,
        boolean reachable,
        Optional<Instant> lastSeenAt,
        Optional<String> status) {

    static HostRow from(ResultSet row) throws SQLException {
        return new HostRow(
                row.getString("id"),
                row.getString("region"),
                row.getString("availability_zone"),
                row.getString("agent_host"),
                row.getInt("agent_port"),
                row.getBoolean("reachable"),
                Optional.ofNullable(row.getTimestamp("last_seen_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getString("status")));
    }
}
