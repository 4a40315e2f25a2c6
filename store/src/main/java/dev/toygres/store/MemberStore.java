package dev.toygres.store;

import dev.toygres.model.ReplicationMode;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Members, and where they are. */
public final class MemberStore {
    private MemberStore() {}

    /** Answers false when the id is in use, by whichever instance, or by what is left of one. */
    public static boolean add(Handle handle, MemberRow row) {
        if (LeftoverStore.member(handle, row.id()).isPresent()) {
            return false;
        }
        return handle.createUpdate(
                                """
                                insert into catalogue.member (id, instance_id, host_id, size,
                                    replication_mode, max_lag_bytes, promotable, priority, stage)
                                values (:id, :instanceId, :hostId, :size, :mode, :maxLagBytes,
                                    :promotable, :priority, :stage)
                                on conflict (id) do nothing
                                """)
                        .bind("id", row.id())
                        .bind("instanceId", row.instanceId())
                        .bind("hostId", row.hostId())
                        .bind("size", row.size().name())
                        .bind("mode", row.mode().name())
                        .bind("maxLagBytes", row.maxLagBytes().orElse(null))
                        .bind("promotable", row.promotable())
                        .bind("priority", row.priority())
                        .bind("stage", row.stage().name())
                        .execute()
                == 1;
    }

    public static Optional<MemberRow> find(Handle handle, String id) {
        return handle.createQuery("select * from catalogue.member where id = :id")
                .bind("id", id)
                .map((row, context) -> MemberRow.from(row))
                .findOne();
    }

    public static void stage(
            Handle handle, String id, MemberRow.Stage stage, Optional<String> trouble) {
        handle.createUpdate(
                        "update catalogue.member set stage = :stage, trouble = :trouble where id = :id")
                .bind("id", id)
                .bind("stage", stage.name())
                .bind("trouble", trouble.orElse(null))
                .execute();
    }

    public static void mode(Handle handle, String id, ReplicationMode mode) {
        handle.createUpdate("update catalogue.member set replication_mode = :mode where id = :id")
                .bind("id", id)
                .bind("mode", mode.name())
                .execute();
    }

    /**
     * Absent values stay.
     *
     * @param unboundedLag whether its bound goes
     */
    public static void update(
            Handle handle,
            String id,
            Optional<Boolean> promotable,
            Optional<Integer> priority,
            Optional<Long> maxLagBytes,
            boolean unboundedLag) {
        handle.createUpdate(
                        """
                        update catalogue.member
                        set promotable = coalesce(:promotable, promotable),
                            priority = coalesce(:priority, priority),
                            max_lag_bytes = case when not :unboundedLag
                                then coalesce(:maxLagBytes, max_lag_bytes) end
                        where id = :id
                        """)
                .bind("id", id)
                .bind("promotable", promotable.orElse(null))
                .bind("priority", priority.orElse(null))
                .bind("maxLagBytes", maxLagBytes.orElse(null))
                .bind("unboundedLag", unboundedLag)
                .execute();
    }

    public static void remove(Handle handle, String id) {
        handle.createUpdate("delete from catalogue.member where id = :id").bind("id", id).execute();
    }

    public static List<MemberRow> of(Handle handle, String instanceId) {
        return handle.createQuery(
                        "select * from catalogue.member where instance_id = :id order by id")
                .bind("id", instanceId)
                .map((row, context) -> MemberRow.from(row))
                .list();
    }

    /** Of the instances that the server watches. */
    public static List<MemberRow> watchedBy(Handle handle, String server) {
        return handle.createQuery(
                        """
                        select b.* from catalogue.member b
                            join catalogue.health_monitor m on m.instance_id = b.instance_id
                        where m.owner = :server order by b.id
                        """)
                .bind("server", server)
                .map((row, context) -> MemberRow.from(row))
                .list();
    }

    public static List<MemberRow> on(Handle handle, String hostId) {
        return handle.createQuery("select * from catalogue.member where host_id = :id order by id")
                .bind("id", hostId)
                .map((row, context) -> MemberRow.from(row))
                .list();
    }

    public static void up(
            Handle handle, String id, String host, int port, String systemIdentifier) {
        handle.createUpdate(
                        """
                        update catalogue.member
                        set address_host = :host, address_port = :port,
                            system_identifier = :systemIdentifier
                        where id = :id
                        """)
                .bind("id", id)
                .bind("host", host)
                .bind("port", port)
                .bind("systemIdentifier", systemIdentifier)
                .execute();
    }
}
