package dev.toygres.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** A member as the catalogue has it. */
public record MemberRow(
        String id,
        String instanceId,
        String hostId,
        Optional<String> addressHost,
        Optional<Integer> addressPort,
        Optional<String> systemIdentifier) {

    static MemberRow from(ResultSet row) throws SQLException {
        return new MemberRow(
                row.getString("id"),
                row.getString("instance_id"),
                row.getString("host_id"),
                Optional.ofNullable(row.getString("address_host")),
                Optional.ofNullable((Integer) row.getObject("address_port")),
                Optional.ofNullable(row.getString("system_identifier")));
    }
}
