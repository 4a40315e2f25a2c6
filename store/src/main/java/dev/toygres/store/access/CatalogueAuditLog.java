package dev.toygres.store.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** The audit log in the catalogue. */
public final class CatalogueAuditLog implements AuditLog {
    private static final int BATCH = 10_000;

    private final Jdbi jdbi;

    public CatalogueAuditLog(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public String open(Deed deed) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        """
                                        insert into catalogue.audit_entry
                                            (actor, role, action, instance_id, outcome, source)
                                        values
                                            (:actor, :role, :action, :instanceId, 'unfinished', :source)
                                        returning id
                                        """)
                                .bind("actor", deed.actor())
                                .bind("role", deed.role())
                                .bind("action", deed.action())
                                .bind("instanceId", deed.instanceId().orElse(null))
                                .bind("source", deed.source())
                                .mapTo(String.class)
                                .one());
    }

    @Override
    public void close(String id, Outcome outcome) {
        jdbi.useHandle(
                handle ->
                        handle.createUpdate(
                                        """
                                        update catalogue.audit_entry
                                        set outcome = :outcome, detail = :detail,
                                            instance_id = coalesce(:instanceId, instance_id),
                                            operation_id = :operationId
                                        where id = :id
                                        """)
                                .bind("id", Long.parseLong(id))
                                .bind("outcome", outcome.words())
                                .bind("detail", outcome.detail())
                                .bind("instanceId", outcome.instanceId().orElse(null))
                                .bind("operationId", outcome.operationId().orElse(null))
                                .execute());
    }

    @Override
    public List<Line> list(Optional<String> instanceId, int limit, Optional<String> before) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        """
                                        select * from catalogue.audit_entry
                                        where (:instanceId::text is null or instance_id = :instanceId)
                                          and id < :before
                                        order by id desc limit :limit
                                        """)
                                .bind("instanceId", instanceId.orElse(null))
                                .bind("before", before.map(Long::parseLong).orElse(Long.MAX_VALUE))
                                .bind("limit", limit)
                                .map((row, _) -> read(row))
                                .list());
    }

    /** By the primary key: the lines are as old as their numbers, so that no index is needed. */
    @Override
    public int prune(Duration age) {
        return jdbi.withHandle(
                handle ->
                        handle.createUpdate(
                                        """
                                        delete from catalogue.audit_entry where id in (
                                            select id from catalogue.audit_entry order by id limit :most)
                                        and at < now() - :age * interval '1 second'
                                        """)
                                .bind("most", BATCH)
                                .bind("age", age.toSeconds())
                                .execute());
    }

    private static Line read(ResultSet row) throws SQLException {
        Optional<String> instanceId = Optional.ofNullable(row.getString("instance_id"));
        return new Line(
                row.getString("id"),
                Times.read(row, "at").orElseThrow(),
                new Deed(
                        row.getString("actor"),
                        row.getString("role"),
                        row.getString("action"),
                        instanceId,
                        row.getString("source")),
                new Outcome(
                        row.getString("outcome"),
                        instanceId,
                        Optional.ofNullable(row.getString("operation_id")),
                        row.getString("detail")));
    }
}
