package dev.toygres.store;

import dev.toygres.model.FailoverState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The account of every failover: outlives the operation, and the instance. */
public final class FailoverStore {
    private FailoverStore() {}

    /** A failover as the catalogue has it. */
    public record Row(
            String operationId,
            String instanceId,
            FailoverState state,
            String cause,
            Optional<String> reason,
            Instant startedAt,
            Optional<Instant> completedAt,
            String oldPrimary,
            String newPrimary,
            Optional<Long> lagAtStart,
            Optional<Long> dataLossBytes,
            Optional<Long> interruptionMs,
            Optional<String> proof) {

        /** Nobody asked for it as for a manual one: it is somebody's business (R3.53-R3.56). */
        public boolean isEmergency() {
            return !cause.equals("manual");
        }
    }

    public static void begin(
            Handle handle,
            String operationId,
            String instanceId,
            String cause,
            Optional<String> reason,
            Instant at,
            String oldPrimary,
            String newPrimary,
            Optional<Long> lag) {
        handle.createUpdate(
                        """
                        insert into catalogue.failover (operation_id, instance_id, state, cause, reason,
                            started_at, old_primary, new_primary, lag_at_start)
                        values (:operationId, :instanceId, 'WaitingForSync', :cause, :reason, :at, :oldPrimary,
                            :newPrimary, :lag)
                        on conflict (operation_id) do update
                        set state = excluded.state, reason = excluded.reason, completed_at = null
                        """)
                .bind("operationId", operationId)
                .bind("instanceId", instanceId)
                .bind("cause", cause)
                .bind("reason", reason.orElse(null))
                .bind("at", at)
                .bind("oldPrimary", oldPrimary)
                .bind("newPrimary", newPrimary)
                .bind("lag", lag.orElse(null))
                .execute();
    }

    public static void state(Handle handle, String operationId, FailoverState state) {
        handle.createUpdate(
                        "update catalogue.failover set state = :state where operation_id = :id and"
                                + " completed_at is null")
                .bind("id", operationId)
                .bind("state", state.name())
                .execute();
    }

    /** Only from the state before it, so that whoever comes late changes nothing. */
    public static void routing(Handle handle, String operationId) {
        handle.execute(
                "update catalogue.failover set state = 'UpdatingRouting' where operation_id = ? and"
                        + " state = 'PromotingReplica' and completed_at is null",
                operationId);
    }

    /** Another replica than first thought of takes over. */
    public static void newPrimary(Handle handle, String operationId, String memberId) {
        handle.createUpdate(
                        "update catalogue.failover set new_primary = :member where operation_id = :id")
                .bind("id", operationId)
                .bind("member", memberId)
                .execute();
    }

    public static void proof(
            Handle handle, String operationId, String proof, Optional<Long> dataLossBytes) {
        handle.createUpdate(
                        """
                        update catalogue.failover set proof = :proof, data_loss_bytes = :loss
                        where operation_id = :id
                        """)
                .bind("id", operationId)
                .bind("proof", proof)
                .bind("loss", dataLossBytes.orElse(null))
                .execute();
    }

    /**
     * The former primary is back, and what it alone had is known now: of the last failover away
     * from it, if that had to leave it open.
     */
    public static void lossFound(Handle handle, String instanceId, String oldPrimary, long bytes) {
        handle.createUpdate(
                        """
                        update catalogue.failover
                        set data_loss_bytes = :bytes, proof = proof || '; ' || old_primary
                            || ' came back with ' || :bytes || ' bytes of it'
                        where data_loss_bytes is null and proof is not null and operation_id = (
                            select operation_id from catalogue.failover
                            where instance_id = :instance and old_primary = :old
                                and interruption_ms is not null
                            order by started_at desc limit 1)
                        """)
                .bind("instance", instanceId)
                .bind("old", oldPrimary)
                .bind("bytes", bytes)
                .execute();
    }

    public static void interruption(Handle handle, String operationId, long millis) {
        handle.createUpdate(
                        "update catalogue.failover set interruption_ms = :ms where operation_id = :id")
                .bind("id", operationId)
                .bind("ms", millis)
                .execute();
    }

    /**
     * The first end is the one that counts: answers whether this was it.
     *
     * @param failure told beside the reason for which it was begun (R3.24)
     */
    public static boolean end(
            Handle handle,
            String operationId,
            FailoverState state,
            Optional<String> failure,
            Instant at) {
        return handle.createUpdate(
                                """
                        update catalogue.failover
                        set state = :state, completed_at = :at,
                            reason = nullif(
                                concat_ws('; it failed: ', reason, cast(:failure as text)), '')
                        where operation_id = :id and completed_at is null
                        """)
                        .bind("id", operationId)
                        .bind("state", state.name())
                        .bind("failure", failure.orElse(null))
                        .bind("at", at)
                        .execute()
                == 1;
    }

    public static List<Row> list(
            Handle handle, String instanceId, int limit, Optional<String> before) {
        return handle.createQuery(
                        """
                        select * from catalogue.failover
                        where instance_id = :instanceId and (:before::text is null
                            or (started_at, operation_id) < (select started_at, operation_id
                                from catalogue.failover where operation_id = :before))
                        order by started_at desc, operation_id desc limit :limit
                        """)
                .bind("instanceId", instanceId)
                .bind("limit", limit)
                .bind("before", before.orElse(null))
                .map((row, context) -> from(row))
                .list();
    }

    public static Optional<Row> find(Handle handle, String operationId) {
        return handle.createQuery("select * from catalogue.failover where operation_id = :id")
                .bind("id", operationId)
                .map((row, context) -> from(row))
                .findOne();
    }

    private static Row from(ResultSet row) throws SQLException {
        return new Row(
                row.getString("operation_id"),
                row.getString("instance_id"),
                FailoverState.valueOf(row.getString("state")),
                row.getString("cause"),
                Optional.ofNullable(row.getString("reason")),
                row.getTimestamp("started_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("completed_at")).map(Timestamp::toInstant),
                row.getString("old_primary"),
                row.getString("new_primary"),
                number(row, "lag_at_start"),
                number(row, "data_loss_bytes"),
                number(row, "interruption_ms"),
                Optional.ofNullable(row.getString("proof")));
    }

    private static Optional<Long> number(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable((Long) row.getObject(column));
    }
}
