package dev.toygres.durable;

import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings the tables of this module up to date, in a schema and with a history of their own. */
public final class DurableSchema {
    /**
     * Its lock is of the session: a transaction that is idle while another connection migrates
     * would be ended by a server that lets nobody sleep in one.
     */
    public static final Map<String, String> LOCK =
            Map.of("flyway.postgresql.transactional.lock", "false");

    private DurableSchema() {}

    public static void migrate(DataSource dataSource) {
        Flyway.configure(DurableSchema.class.getClassLoader())
                .dataSource(dataSource)
                .schemas("durable")
                .defaultSchema("durable")
                .table("schema_history")
                .locations("classpath:db/durable")
                .configuration(LOCK)
                .load()
                .migrate();
    }
}
