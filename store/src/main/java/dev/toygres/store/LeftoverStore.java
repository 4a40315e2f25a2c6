package dev.toygres.store;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What has to be destroyed yet. It holds its names until it is gone. */
public final class LeftoverStore {
    private LeftoverStore() {}

    public static void add(
            Handle handle,
            String hostId,
            LeftoverRow.Kind kind,
            String id,
            String instanceId,
            long term,
            String reason) {
        handle.createUpdate(
                        """
                        insert into catalogue.leftover (host_id, kind, id, instance_id, term, reason)
                        values (:hostId, :kind, :id, :instanceId, :term, :reason)
                        on conflict (host_id, kind, id) do update
                        set term = greatest(leftover.term, excluded.term), reason = excluded.reason
                        """)
                .bind("hostId", hostId)
                .bind("kind", kind.name())
                .bind("id", id)
                .bind("instanceId", instanceId)
                .bind("term", term)
                .bind("reason", reason)
                .execute();
    }

    public static boolean contains(Handle handle, String hostId, LeftoverRow.Kind kind, String id) {
        return handle.createQuery(
                        """
                        select 1 from catalogue.leftover
                        where host_id = :hostId and kind = :kind and id = :id
                        """)
                .bind("hostId", hostId)
                .bind("kind", kind.name())
                .bind("id", id)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    public static List<LeftoverRow> on(Handle handle, String hostId) {
        return handle.createQuery(
                        "select * from catalogue.leftover where host_id = :hostId order by kind, id")
                .bind("hostId", hostId)
                .map((row, context) -> LeftoverRow.from(row))
                .list();
    }

    /** Something of a former instance of that name. */
    public static Optional<LeftoverRow> ofInstance(Handle handle, String instanceId) {
        return handle.createQuery(
                        """
                        select * from catalogue.leftover where instance_id = :instanceId
                        order by kind desc, id limit 1
                        """)
                .bind("instanceId", instanceId)
                .map((row, context) -> LeftoverRow.from(row))
                .findOne();
    }

    /** A former member of that name. */
    public static Optional<LeftoverRow> member(Handle handle, String id) {
        return handle.createQuery(
                        """
                        select * from catalogue.leftover where kind = 'Member' and id = :id limit 1
                        """)
                .bind("id", id)
                .map((row, context) -> LeftoverRow.from(row))
                .findOne();
    }

    public static void remove(Handle handle, String hostId, LeftoverRow.Kind kind, String id) {
        handle.createUpdate(
                        """
                        delete from catalogue.leftover
                        where host_id = :hostId and kind = :kind and id = :id
                        """)
                .bind("hostId", hostId)
                .bind("kind", kind.name())
                .bind("id", id)
                .execute();
    }

    /** The host is gone for good, and all that was on it. */
    public static void forgetHost(Handle handle, String hostId) {
        handle.createUpdate("delete from catalogue.leftover where host_id = :hostId")
                .bind("hostId", hostId)
                .execute();
    }
}
