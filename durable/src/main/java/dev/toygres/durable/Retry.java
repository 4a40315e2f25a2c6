package dev.toygres.durable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Takes a failed operation up again. What failed is tried anew, and so is what the flow did about
 * the failure; the old entries are kept under other paths. But once undo actions have run, only a
 * new generation from the same input is honest.
 */
final class Retry {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String LOCK =
            """
            select state, generation, lane, failed_steps from durable.operation
            where id = ? for update
            """;
    private static final String UNWOUND =
            """
            select 1 from durable.step where operation_id = ? and generation = ? and path = ?
            """;
    private static final String REOPEN =
            """
            update durable.operation set state = 'Pending', generation = ?, owner = null,
                wake_at = durable.at_once(), knocks = knocks + 1, revision = revision + 1,
                completed_at = null, result = null, error = null, failed_steps = null,
                question = null, question_path = null, cancel_requested_at = null,
                no_return = no_return and generation = ? and exists (
                    select from durable.step s
                    where s.operation_id = operation.id and s.generation = operation.generation
                        and s.kind = 'NoReturn' and position('~' in s.path) = 0)
            where id = ?
            """;
    private static final String ARCHIVE =
            """
            update durable.step set path = path || '~' || nextval('durable.token')
            where operation_id = ? and generation = ? and path = any(?) and kind <> 'Child'
            """;
    private static final String REOPEN_CHILDREN =
            """
            update durable.step set state = 'Waiting', ended_at = null, error = null
            where operation_id = ? and generation = ? and path = any(?) and kind = 'Child'
            """;
    private static final String HOLDER =
            "select id from durable.operation where lane = ? and completed_at is null";

    private final Connection connection;
    private final Namesakes namesakes;

    Retry(Connection connection, Namesakes namesakes) {
        this.connection = connection;
        this.namesakes = namesakes;
    }

    /** What has to be known about the operation. */
    private record Ended(String state, int generation, Optional<String> lane, List<String> failed) {
        static Ended read(ResultSet row) throws SQLException {
            var failed = row.getArray("failed_steps");
            return new Ended(
                    row.getString("state"),
                    row.getInt("generation"),
                    Optional.ofNullable(row.getString("lane")),
                    failed == null ? List.of() : List.of((String[]) failed.getArray()));
        }
    }

    boolean retry(String id) throws SQLException {
        Optional<Ended> ended = Sql.first(connection, LOCK, Ended::read, id);
        if (ended.isEmpty() || !ended.get().state().equals("Failed")) {
            return false;
        }
        namesakes.requireSame(connection, id);
        reopen(id, ended.get());
        return true;
    }

    private void reopen(String id, Ended ended) throws SQLException {
        refuseIfLaneIsTaken(ended);
        boolean afresh = ended.state().equals("Cancelled") || isUnwound(id, ended);
        int generation = afresh ? ended.generation() + 1 : ended.generation();
        if (!afresh) {
            clear(id, ended);
        }
        update(id, generation);
    }

    private void update(String id, int generation) throws SQLException {
        try {
            Sql.update(connection, REOPEN, generation, generation, id);
        } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw new LaneTaken("its lane", "that was started at the same moment");
            }
            throw e;
        }
    }

    private void clear(String id, Ended ended) throws SQLException {
        Object[] steps = {id, ended.generation(), ended.failed().toArray(String[]::new)};
        Sql.update(connection, ARCHIVE, steps);
        Sql.update(connection, REOPEN_CHILDREN, steps);
        for (String path : ended.failed()) {
            String child = ChildId.of(id, ended.generation(), path);
            Optional<Ended> state = Sql.first(connection, LOCK, Ended::read, child);
            if (state.isPresent() && !state.get().state().equals("Succeeded")) {
                reopen(child, state.get());
            }
        }
    }

    private boolean isUnwound(String id, Ended ended) throws SQLException {
        return Sql.first(connection, UNWOUND, row -> 1, id, ended.generation(), StepRow.UNWIND)
                .isPresent();
    }

    private void refuseIfLaneIsTaken(Ended ended) throws SQLException {
        if (ended.lane().isPresent()) {
            String lane = ended.lane().get();
            Optional<String> holder = Sql.first(connection, HOLDER, row -> row.getString(1), lane);
            if (holder.isPresent()) {
                throw new LaneTaken(lane, holder.get());
            }
        }
    }
}
