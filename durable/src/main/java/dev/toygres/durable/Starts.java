package dev.toygres.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;

/** Writes the wish for an operation. */
final class Starts {
    private static final int TRIES = 5;
    private static final String INSERT =
            """
            insert into durable.operation
                (id, type, subject, lane, input, state, wake_at, created_at)
            values (?, ?, ?::text, ?::text, ?::jsonb, 'Pending', durable.at_once(), ?::timestamptz)
            on conflict do nothing
            """;
    private static final String TYPE = "select type from durable.operation where id = ?";
    private static final String HOLDER =
            "select id from durable.operation where lane = ? and completed_at is null";

    private final Json json;
    private final InstantSource clock;

    Starts(Json json, InstantSource clock) {
        this.json = json;
        this.clock = clock;
    }

    /** The loop is for a holder of the lane that ends between our two looks. */
    void start(Connection connection, StartRequest<?> request) throws SQLException {
        String input = json.write("input of " + request.type().name(), request.input());
        for (int i = 0; i < TRIES; i++) {
            if (insert(connection, request, input) || isKnown(connection, request)) {
                return;
            }
            Optional<String> lane = request.lane();
            Optional<String> holder =
                    lane.isEmpty()
                            ? Optional.empty()
                            : Sql.first(connection, HOLDER, row -> row.getString(1), lane.get());
            if (holder.isPresent()) {
                throw new LaneTaken(lane.get(), holder.get());
            }
        }
        throw new IllegalStateException("could not start " + request.id());
    }

    private boolean insert(Connection connection, StartRequest<?> request, String input)
            throws SQLException {
        return Sql.update(
                        connection,
                        INSERT,
                        request.id(),
                        request.type().name(),
                        request.subject().orElse(null),
                        request.lane().orElse(null),
                        input,
                        clock.instant())
                > 0;
    }

    private static boolean isKnown(Connection connection, StartRequest<?> request)
            throws SQLException {
        Optional<String> type = Sql.first(connection, TYPE, row -> row.getString(1), request.id());
        if (type.isPresent() && !type.get().equals(request.type().name())) {
            throw new IllegalArgumentException(
                    "operation " + request.id() + " is already a " + type.get());
        }
        return type.isPresent();
    }
}
