package dev.toygres.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Tells those apart that bear one name after the other. An operation notes at its start whom it is
 * about; before it is retried, or given a lane that it did not have, that must still be so.
 */
@FunctionalInterface
public interface Incarnations {
    /** No name is ever borne by another. */
    Incarnations NONE = (_, _, _) -> Optional.empty();

    /**
     * Of whoever bears the name now, and stays until the caller's transaction ends.
     *
     * @param input of the operation, JSON: it may name more than its subject
     * @return empty when nobody does
     */
    Optional<String> current(Connection connection, String subject, String input)
            throws SQLException;
}
