package dev.toygres.store;

import dev.toygres.model.Durability;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Size;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An instance as the catalogue has it. */
public record InstanceRow(
        String id,
        InstanceState state,
        Health health,
        int postgresMajor,
        Size size,
        Optional<String> region,
        Optional<String> availabilityZone,
        String owner,
        String database,
        boolean deletionProtection,
        long term,
        Optional<String> incumbent,
        Optional<Endpoint> endpoint,
        Optional<String> caCertificate,
        Optional<String> failure,
        Instant createdAt,
        long revision,
        Durability durability,
        Optional<String> candidate,
        List<String> syncNames,
        List<String> readers,
        boolean syncUnsure,
        Voting voting,
        boolean readOnlyFallback,
        boolean fenced) {

    /** The stable addresses, and the host that keeps them. */
    public record Endpoint(String hostId, String host, int readWrite, int readOnly, int pooled) {}

    static InstanceRow from(ResultSet row) throws SQLException {
        return new InstanceRow(
                row.getString("id"),
                InstanceState.valueOf(row.getString("state")),
                Health.valueOf(row.getString("health")),
                row.getInt("postgres_major"),
                Size.valueOf(row.getString("size")),
                Optional.ofNullable(row.getString("region")),
                Optional.ofNullable(row.getString("availability_zone")),
                row.getString("owner"),
                row.getString("database"),
                row.getBoolean("deletion_protection"),
                row.getLong("term"),
                Optional.ofNullable(row.getString("incumbent")),
                endpoint(row),
                Optional.ofNullable(row.getString("ca_certificate")),
                Optional.ofNullable(row.getString("failure")),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("revision"),
                Durability.valueOf(row.getString("durability")),
                Optional.ofNullable(row.getString("candidate")),
                texts(row, "sync_names"),
                texts(row, "readers"),
                row.getArray("sync_next") != null,
                Voting.from(row),
                row.getBoolean("read_only_fallback"),
                row.getBoolean("fenced"));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    private static Optional<Endpoint> endpoint(ResultSet row) throws SQLException {
        String host = row.getString("endpoint_host");
        if (host == null) {
            return Optional.empty();
        }
        return Optional.of(
                new Endpoint(
                        row.getString("endpoint_host_id"),
                        host,
                        row.getInt("endpoint_read_write"),
                        row.getInt("endpoint_read_only"),
                        row.getInt("endpoint_pooled")));
    }
}
