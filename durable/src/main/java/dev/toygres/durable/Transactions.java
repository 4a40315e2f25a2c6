package dev.toygres.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A change of the catalogue together with its journal entry: both or nothing, and once. */
final class Transactions {
    private static final int TRIES = 20;

    private final Run run;
    private final StepRow row;
    private final TransactionBody<String> body;
    private int tries;

    Transactions(Run run, StepRow row, TransactionBody<String> body) {
        this.run = run;
        this.row = row;
        this.body = body;
    }

    /** The entry was there already: an earlier commit, whose outcome we did not learn, held. */
    private static final class DoneBefore extends SQLException {
        private static final long serialVersionUID = 1;
    }

    String commit() {
        for (int i = 1; ; i++) {
            try {
                return String.valueOf(remember(run.journal().write(name(), this::once)));
            } catch (CatalogueFault e) {
                if (e.getCause() instanceof DoneBefore) {
                    return String.valueOf(remember(committedBefore().orElseThrow()));
                }
                throw giveUp(e);
            } catch (BodyFailed e) {
                Optional<StepRow> before = tries > 1 ? committedBefore() : Optional.empty();
                if (before.isPresent()) {
                    return String.valueOf(remember(before.get()));
                }
                if (!Database.passes(e.reason()) || i == TRIES) {
                    throw giveUp(e.reason());
                }
            }
        }
    }

    private String name() {
        return "Transaction " + row.path() + " Succeeded";
    }

    /** The reason travels apart from the faults of the transaction itself. */
    private static final class BodyFailed extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final Throwable reason;

        BodyFailed(Throwable reason) {
            super(reason);
            this.reason = reason;
        }

        Throwable reason() {
            return reason;
        }
    }

    private StepRow once(Connection connection) throws SQLException {
        tries++;
        return Database.within(connection, this::change);
    }

    private StepRow change(Connection connection) throws SQLException {
        run.journal().lock(connection);
        if (tries > 1 && run.journal().isEntered(connection, row.path())) {
            throw new DoneBefore();
        }
        String result = runBody(connection);
        StepRow entry = row.ended(StepRow.SUCCEEDED, run.ground().now(), result);
        try {
            run.journal().insertOnce(connection, entry);
        } catch (PSQLException e) {
            throw isEntryThere(e) ? new DoneBefore() : e;
        }
        return entry;
    }

    private String runBody(Connection connection) {
        try {
            return body.run(connection);
        } catch (Exception e) {
            throw new BodyFailed(e);
        }
    }

    private Optional<StepRow> committedBefore() {
        return run.journal().lookAgain(row.path()).filter(entry -> entry.isIn(StepRow.SUCCEEDED));
    }

    private @Nullable String remember(StepRow entry) {
        run.journal().remember(entry);
        return entry.result();
    }

    private StepFailed giveUp(Throwable reason) {
        StepRow failed =
                row.failed(StepRow.FAILED, run.ground().now(), null, Fault.describe(reason));
        run.journal().record(failed);
        return Attempts.failure(failed, reason);
    }

    private static boolean isEntryThere(PSQLException fault) {
        ServerErrorMessage message = fault.getServerErrorMessage();
        return message != null && "step_pkey".equals(message.getConstraint());
    }
}
