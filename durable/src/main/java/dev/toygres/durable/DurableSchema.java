package dev.toygres.durable;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings the tables of this module up to date, in a schema and with a history of their own. */
public final class DurableSchema {
    private DurableSchema() {}

    public static void migrate(DataSource dataSource) {
        Flyway.configure(DurableSchema.class.getClassLoader())
                .dataSource(dataSource)
                .schemas("durable")
                .defaultSchema("durable")
                .table("schema_history")
                .locations("classpath:db/durable")
                .load()
                .migrate();
    }
}
