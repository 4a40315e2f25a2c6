package dev.toygres.durable;

import java.sql.Connection;

/** A catalogue change on the given connection, which the engine commits. */
@FunctionalInterface
public interface TransactionBody<R> {
    R run(Connection connection) throws Exception;
}
