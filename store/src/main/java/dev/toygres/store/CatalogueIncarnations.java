package dev.toygres.store;

import dev.toygres.durable.Incarnations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * By the rows of the instance, and of the replica that the input names (P18-P20). The instance
 * stays until the caller's transaction ends, so that what was compared is still so when it acts.
 */
public final class CatalogueIncarnations implements Incarnations {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CURRENT =
            """
            select i.incarnation::text || coalesce('/' || m.incarnation::text, '')
            from catalogue.instance i
                left join catalogue.member m on m.instance_id = i.id and m.id = ?
            where i.id = ? for key share of i
            """;

    @Override
    public Optional<String> current(Connection connection, String subject, String input)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CURRENT)) {
            statement.setString(1, replica(input));
            statement.setString(2, subject);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        }
    }

    private static String replica(String input) {
        return JSON.readTree(input).path("replicaId").asString("");
    }
}
