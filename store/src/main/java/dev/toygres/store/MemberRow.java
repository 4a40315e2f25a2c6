package dev.toygres.store;

import dev.toygres.model.ReplicationMode;
import dev.toygres.model.Size;
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
        Optional<String> systemIdentifier,
        Size size,
        ReplicationMode mode,
        Optional<Long> maxLagBytes,
        boolean promotable,
        int priority,
        Stage stage,
        Optional<String> trouble) {

    /** What the flows have made of a member so far. */
    public enum Stage {
        Provisioning,
        Ready,
        Promoting,
        Removing,
        /** It does not follow, and only being made anew would help. */
        Broken,
        /** It was left behind as it is: it follows again once its host answers. */
        Detached,
        /** A former primary that was kept, stopped, on purpose. */
        Retained
    }

    /** The first member of an instance. */
    public static MemberRow primary(String id, String instanceId, String hostId, Size size) {
        return replica(
                id,
                instanceId,
                hostId,
                size,
                ReplicationMode.Async,
                Optional.empty(),
                true,
                50,
                Stage.Ready);
    }

    /** A member that is not there yet. */
    public static MemberRow replica(
            String id,
            String instanceId,
            String hostId,
            Size size,
            ReplicationMode mode,
            Optional<Long> maxLagBytes,
            boolean promotable,
            int priority,
            Stage stage) {
        return new MemberRow(
                id,
                instanceId,
                hostId,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                size,
                mode,
                maxLagBytes,
                promotable,
                priority,
                stage,
                Optional.empty());
    }

    /** The name of its slot on a primary: slots take no hyphens. */
    public String slot() {
        return id.replace('-', '_');
    }

    static MemberRow from(ResultSet row) throws SQLException {
        return new MemberRow(
                row.getString("id"),
                row.getString("instance_id"),
                row.getString("host_id"),
                Optional.ofNullable(row.getString("address_host")),
                Optional.ofNullable((Integer) row.getObject("address_port")),
                Optional.ofNullable(row.getString("system_identifier")),
                Size.valueOf(row.getString("size")),
                ReplicationMode.valueOf(row.getString("replication_mode")),
                Optional.ofNullable((Long) row.getObject("max_lag_bytes")),
                row.getBoolean("promotable"),
                row.getInt("priority"),
                Stage.valueOf(row.getString("stage")),
                Optional.ofNullable(row.getString("trouble")));
    }
}
