package dev.toygres.agent.member;

import dev.toygres.agentapi.MemberParameters.Drift;
import dev.toygres.agentapi.MemberParameters.Running;
import dev.toygres.model.parameter.HouseDefaults;
import dev.toygres.model.parameter.OwnedParameters;
import dev.toygres.model.parameter.ParameterCategory;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.ParameterType;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Postgres says of its parameters: {@code pg_settings} and {@code pg_file_settings}. */
final class Catalog {
    private static final String SETTINGS =
            """
            SELECT name, setting, unit, category, short_desc, context, vartype, source, min_val,
                max_val, enumvals, boot_val, pending_restart
            FROM pg_settings ORDER BY name
            """;

    /** The driver, or we, gave this session a value of its own. */
    private static final String OWN_SESSION = "client";

    private Catalog() {}

    static List<Running> running(Statement statement) throws SQLException {
        loadProceduralLanguage(statement);
        var written = lines(statement, "postgresql.conf");
        var last = lines(statement, "");
        List<Running> all = new ArrayList<>();
        try (var rows = statement.executeQuery(SETTINGS)) {
            while (rows.next()) {
                all.add(running(rows, written, last));
            }
        }
        return all;
    }

    /** Every session that runs a function has its parameters too. */
    private static void loadProceduralLanguage(Statement statement) throws SQLException {
        statement.execute("LOAD 'plpgsql'");
    }

    private static Running running(
            ResultSet row, Map<String, String> written, Map<String, String> last)
            throws SQLException {
        var source = row.getString("source");
        var own = source.equals(OWN_SESSION);
        var definition = definition(row, written);
        return new Running(
                definition,
                own ? ofOthers(definition, last) : Optional.ofNullable(row.getString("setting")),
                source,
                row.getBoolean("pending_restart"));
    }

    /** In sessions that choose nothing themselves. */
    private static Optional<String> ofOthers(
            ParameterDefinition definition, Map<String, String> last) {
        return Optional.ofNullable(last.get(definition.name()))
                .map(definition::base)
                .or(definition::defaultValue);
    }

    private static ParameterDefinition definition(ResultSet row, Map<String, String> written)
            throws SQLException {
        var name = row.getString("name");
        var plain =
                new ParameterDefinition(
                        name,
                        ParameterCategory.of(row.getString("context")),
                        ParameterType.of(row.getString("vartype")),
                        Optional.ofNullable(row.getString("unit")),
                        Optional.ofNullable(row.getString("boot_val")),
                        Optional.ofNullable(row.getString("min_val")),
                        Optional.ofNullable(row.getString("max_val")),
                        texts(row.getArray("enumvals")),
                        row.getString("short_desc"),
                        row.getString("category"));
        return withDefault(plain, row, written);
    }

    /** A reset gives what the house, else the file that initdb made, else Postgres itself says. */
    private static ParameterDefinition withDefault(
            ParameterDefinition plain, ResultSet row, Map<String, String> written)
            throws SQLException {
        if (plain.category() == ParameterCategory.Immutable) {
            return plain.withDefault(Optional.ofNullable(row.getString("setting")));
        }
        var text =
                Optional.ofNullable(HouseDefaults.values().get(plain.name()))
                        .or(() -> Optional.ofNullable(written.get(plain.name())));
        return text.map(plain::read)
                .filter(ParameterDefinition.Reading.Value.class::isInstance)
                .map(ParameterDefinition.Reading.Value.class::cast)
                .map(value -> plain.withDefault(Optional.of(value.base())))
                .orElse(plain);
    }

    private static List<String> texts(@org.jspecify.annotations.Nullable Array array)
            throws SQLException {
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }

    /** Whoever reads it needs to know nothing of what is ours in it. */
    static List<Drift> drift(Statement statement) throws SQLException {
        return lines(statement, "postgresql.auto.conf").entrySet().stream()
                .filter(line -> OwnedParameters.reason(line.getKey()).isEmpty())
                .map(line -> new Drift(line.getKey(), line.getValue()))
                .sorted(java.util.Comparator.comparing(Drift::name))
                .toList();
    }

    /** The last of each name, which counts, under the name as Postgres spells it. */
    private static Map<String, String> lines(Statement statement, String file) throws SQLException {
        var query =
                """
                SELECT coalesce(s.name, f.name), f.setting FROM pg_file_settings f
                LEFT JOIN pg_settings s ON lower(s.name) = lower(f.name)
                WHERE f.name IS NOT NULL AND f.sourcefile LIKE '%%/%s%%'
                ORDER BY f.seqno
                """
                        .formatted(file);
        Map<String, String> lines = new HashMap<>();
        try (var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                lines.put(rows.getString(1), Optional.ofNullable(rows.getString(2)).orElse(""));
            }
        }
        return lines;
    }
}
