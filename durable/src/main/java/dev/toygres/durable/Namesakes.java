package dev.toygres.durable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Keeps an operation from acting on a namesake of its subject. */
final class Namesakes {
    private static final String FIND =
            "select subject, incarnation, input from durable.operation where id = ?";

    private final Incarnations incarnations;

    Namesakes(Incarnations incarnations) {
        this.incarnations = incarnations;
    }

    private record About(Optional<String> subject, Optional<String> incarnation, String input) {
        static About read(ResultSet row) throws SQLException {
            return new About(
                    Optional.ofNullable(row.getString("subject")),
                    Optional.ofNullable(row.getString("incarnation")),
                    row.getString("input"));
        }
    }

    Optional<String> of(Connection connection, Optional<String> subject, String input)
            throws SQLException {
        return subject.isPresent()
                ? incarnations.current(connection, subject.get(), input)
                : Optional.empty();
    }

    /**
     * In the transaction that lets it act.
     *
     * @throws SubjectReplaced when it would act on another one
     */
    void requireSame(Connection connection, String operationId) throws SQLException {
        require(connection, operationId, false);
    }

    /** As above, where nobody's bearing the name is as good: a deletion has less to do then. */
    void requireNoOther(Connection connection, String operationId) throws SQLException {
        require(connection, operationId, true);
    }

    private void require(Connection connection, String operationId, boolean orGone)
            throws SQLException {
        Optional<About> known = Sql.first(connection, FIND, About::read, operationId);
        if (known.isEmpty() || known.get().incarnation().isEmpty()) {
            return;
        }
        About about = known.get();
        Optional<String> now = of(connection, about.subject(), about.input());
        boolean gone = orGone && now.isEmpty();
        if (!gone && !now.equals(about.incarnation())) {
            throw new SubjectReplaced(operationId, about.subject().orElse(""));
        }
    }
}
