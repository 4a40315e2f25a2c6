package dev.toygres.durable;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Picks due operations: one statement that finds them, marks the owner and draws the tokens. */
final class Picker {
    private static final String PICK =
            """
            with due as (
                select id, token as old_token from durable.operation
                where owner is null and wake_at <= ?::timestamptz and type = any(?)
                order by wake_at limit ? for update skip locked)
            update durable.operation o set token = nextval('durable.token'), owner = ?,
                state = 'Running', wake_at = null, revision = revision + 1,
                started_at = coalesce(started_at, ?::timestamptz)
            from due where o.id = due.id
            returning o.*, due.old_token
            """;

    private final Ground ground;
    private final String[] types;

    Picker(Ground ground, Set<String> types) {
        this.ground = ground;
        this.types = types.toArray(String[]::new);
    }

    List<Picked> pick(UUID server, int most) {
        var now = ground.now();
        return ground.database()
                .once(c -> Sql.list(c, PICK, Picked::read, now, types, most, server, now));
    }
}
