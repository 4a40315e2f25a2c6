package dev.toygres.server.wiring;

import org.springframework.context.annotation.Configuration;

/**
 * The desks and the engine behind them: one bean each of {@code Operations}, {@code Instances} and
 * {@code Hosts}. From {@link CatalogueWiring} they may take the {@code DataSource} and the {@code
 * Jdbi}, from {@link ServerWiring} the {@code InstantSource}, and the {@code ServerOptions}.
 */
@Configuration(proxyBeanMethods = false)
public class DeskWiring {}
