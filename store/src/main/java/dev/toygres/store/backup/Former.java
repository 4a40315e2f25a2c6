package dev.toygres.store.backup;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;

/**
 * Of an instance that is gone; another may have its name.
 *
 * @param deletedAt where that is known
 */
public record Former(Optional<Instant> deletedAt) {
    static Optional<Former> from(ResultSet row) throws SQLException {
        return row.getBoolean("former")
                ? Optional.of(
                        new Former(
                                Optional.ofNullable(row.getTimestamp("deleted_at"))
                                        .map(Timestamp::toInstant)))
                : Optional.empty();
    }

    /** Of an instance of this name. */
    public String words(String instanceId) {
        return "a former " + instanceId + deletedAt.map(at -> ", deleted at " + at).orElse("");
    }
}
