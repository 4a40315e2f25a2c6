package dev.toygres.durable;

import java.sql.Connection;

/** A catalogue change without a result. */
@FunctionalInterface
public interface TransactionAction {
    void run(Connection connection) throws Exception;
}
