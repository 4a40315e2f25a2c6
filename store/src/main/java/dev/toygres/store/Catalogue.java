package dev.toygres.store;

import dev.toygres.durable.DurableSchema;
import java.sql.Connection;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;

/** The catalogue database: everything that a server knows. */
public final class Catalogue {
    private static final String SCHEMA = "catalogue";

    private final DataSource dataSource;
    private final Jdbi jdbi;

    /** On the given database, whose connections need no search_path of their own. */
    public Catalogue(DataSource dataSource) {
        this.dataSource = dataSource;
        this.jdbi = Jdbi.create(dataSource).installPlugin(new PostgresPlugin());
    }

    /** Brings the tables to this release; several servers may do so at once. */
    public void migrate() {
        DurableSchema.migrate(dataSource);
        Flyway.configure()
                .dataSource(dataSource)
                .schemas(SCHEMA)
                .defaultSchema(SCHEMA)
                .locations("classpath:db/catalogue")
                .configuration(DurableSchema.LOCK)
                .load()
                .migrate();
    }

    /** For reading, and for writes of one statement. */
    public Jdbi jdbi() {
        return jdbi;
    }

    public DataSource dataSource() {
        return dataSource;
    }

    /** The same tables within somebody else's transaction; closing it does not end that one. */
    public static Handle within(Connection connection) {
        return Jdbi.create(connection).installPlugin(new PostgresPlugin()).open();
    }
}
