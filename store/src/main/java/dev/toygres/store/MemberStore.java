package dev.toygres.store;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Members, and where they are. */
public final class MemberStore {
    private MemberStore() {}

    public static void add(Handle handle, String id, String instanceId, String hostId) {
        handle.createUpdate(
                        "insert into catalogue.member (id, instance_id, host_id) values (:id,"
                                + " :instanceId, :hostId)")
                .bind("id", id)
                .bind("instanceId", instanceId)
                .bind("hostId", hostId)
                .execute();
    }

    public static List<MemberRow> of(Handle handle, String instanceId) {
        return handle.createQuery(
                        "select * from catalogue.member where instance_id = :id order by id")
                .bind("id", instanceId)
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
