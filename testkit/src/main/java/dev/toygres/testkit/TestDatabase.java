package dev.toygres.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A database of its own for one test class, with a small pool. */
public final class TestDatabase implements AutoCloseable {
    private final TestPostgres server;
    private final String name;
    private final HikariDataSource pool;

    TestDatabase(TestPostgres server, String name) {
        this.server = server;
        this.name = name;
        this.pool = openPool(16, "");
    }

    public DataSource dataSource() {
        return pool;
    }

    /** Another pool on the same database, as a second process would have; the caller closes it. */
    public HikariDataSource openPool(int size) {
        return openPool(size, "");
    }

    /**
     * The same, with settings for its sessions.
     *
     * @param settings as on the server's command line, {@code -c name=value}
     */
    public HikariDataSource openPool(int size, String settings) {
        var config = new HikariConfig();
        PGSimpleDataSource source = plain();
        source.setOptions(settings);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(5_000);
        config.setPoolName("test-" + name);
        return new HikariDataSource(config);
    }

    /** Opens a connection of its own each time. */
    public PGSimpleDataSource plain() {
        var source = new PGSimpleDataSource();
        source.setUrl(url());
        source.setUser("postgres");
        return source;
    }

    public String url() {
        return server.url(name);
    }

    /** Ends every connection to this database, as an administrator or a failover would. */
    public void killConnections() {
        server.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                        + name
                        + "'");
    }

    @Override
    public void close() {
        pool.close();
        server.execute("drop database if exists \"" + name + "\" with (force)");
    }
}
