package dev.toygres.server.wiring;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.toygres.model.Secret;
import dev.toygres.server.monitor.CatalogueHealth;
import dev.toygres.server.options.CatalogueUrl;
import dev.toygres.server.options.ServerOptions;
import dev.toygres.server.token.FirstAdmin;
import dev.toygres.store.Catalogue;
import dev.toygres.store.access.AuditLog;
import dev.toygres.store.access.CatalogueAuditLog;
import dev.toygres.store.access.CatalogueIdempotencyKeys;
import dev.toygres.store.access.CatalogueTokens;
import dev.toygres.store.access.IdempotencyKeys;
import dev.toygres.store.access.Tokens;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The catalogue: its pool, its schema, and who may come in. */
@Configuration(proxyBeanMethods = false)
public class CatalogueWiring {
    private static final int CONNECTIONS = 16;
    private static final int PROBE_SECONDS = 2;

    /** Long enough for a catalogue that starts together with us. */
    private static final Duration FIRST_CONNECT = Duration.ofSeconds(30);

    /** Short: whoever asks while the catalogue is away is told so soon. */
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /**
     * A server that is frozen in a transaction holds up the others no longer. No transaction of
     * ours waits for anything but the catalogue.
     */
    private static final String NO_SLEEPERS = "SET idle_in_transaction_session_timeout = '5s'";

    @Bean(destroyMethod = "close")
    HikariDataSource catalogue(ServerOptions options) {
        CatalogueUrl url = options.catalogue();
        var config = new HikariConfig();
        config.setPoolName("catalogue");
        config.setJdbcUrl(url.jdbc());
        url.user().ifPresent(config::setUsername);
        url.password().map(Secret::reveal).ifPresent(config::setPassword);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(2);
        config.setConnectionTimeout(CONNECT.toMillis());
        config.setInitializationFailTimeout(FIRST_CONNECT.toMillis());
        config.setConnectionInitSql(NO_SLEEPERS);
        config.addDataSourceProperty("ApplicationName", "toygres-server");
        config.addDataSourceProperty("connectTimeout", "3");
        config.addDataSourceProperty("socketTimeout", "30");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        return new HikariDataSource(config);
    }

    /** The bean's name is the name of the component in the health answer. */
    @Bean("catalogueHealthIndicator")
    CatalogueHealth catalogueHealth(DataSource catalogue) {
        return new CatalogueHealth(
                () -> {
                    try (Connection connection = catalogue.getConnection()) {
                        return connection.isValid(PROBE_SECONDS);
                    }
                });
    }

    /** Whoever has it has a catalogue whose schema is up to date. */
    @Bean
    Catalogue migrated(DataSource dataSource) {
        Catalogue catalogue = new Catalogue(dataSource);
        catalogue.migrate();
        return catalogue;
    }

    @Bean
    Jdbi jdbi(Catalogue migrated) {
        return migrated.jdbi();
    }

    @Bean
    Tokens tokens(Jdbi jdbi, InstantSource clock, ServerOptions options) {
        Tokens tokens = new CatalogueTokens(jdbi, clock);
        options.adminTokenFile().ifPresent(file -> FirstAdmin.register(tokens, file, clock));
        return tokens;
    }

    @Bean
    AuditLog auditLog(Jdbi jdbi) {
        return new CatalogueAuditLog(jdbi);
    }

    @Bean
    IdempotencyKeys idempotencyKeys(Jdbi jdbi) {
        return new CatalogueIdempotencyKeys(jdbi);
    }
}
