package dev.toygres.durable;

import java.sql.SQLException;

/** The database could not be asked, or refused. */
public final class CatalogueFault extends RuntimeException {
    public CatalogueFault(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
