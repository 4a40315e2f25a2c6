package dev.toygres.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;

/** Writes the wish for an operation. */
final class Starts {
    private static final int TRIES = 5;

    /**
     * Commits that notify queue behind each other, disk and all. So nobody is called when one who
     * started just before us has not been picked yet: whoever picks him looks again at once.
     */
    private static final String INSERT =
            """
            with wish as (
                insert into durable.operation
                    (id, type, subject, incarnation, lane, input, state, wake_at, created_at)
                values (?, ?, ?::text, ?::text, ?::text, ?::jsonb, 'Pending', durable.at_once(),
                    ?::timestamptz)
                on conflict do nothing returning id)
            select case when not exists (
                    select from durable.operation
                    where owner is null and wake_at < durable.at_once()
                        and wake_at > durable.at_once() - interval '200 ms' / 1000)
                then pg_notify(?, '')::text end
            from wish
            """;

    private static final String TYPE = "select type from durable.operation where id = ?";
    private static final String HOLDER =
            "select id from durable.operation where lane = ? and completed_at is null";

    private final Json json;
    private final InstantSource clock;
    private final Namesakes namesakes;

    Starts(Json json, InstantSource clock, Namesakes namesakes) {
        this.json = json;
        this.clock = clock;
        this.namesakes = namesakes;
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
        return !Sql.list(
                        connection,
                        INSERT,
                        row -> "",
                        request.id(),
                        request.type().name(),
                        request.subject().orElse(null),
                        namesakes.of(connection, request.subject(), input).orElse(null),
                        request.lane().orElse(null),
                        input,
                        clock.instant(),
                        Channels.WAKE)
                .isEmpty();
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
