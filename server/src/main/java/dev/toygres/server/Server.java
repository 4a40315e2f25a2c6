package dev.toygres.server;

import dev.toygres.server.options.ServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** A running server. */
public final class Server implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final String url;

    private Server(ConfigurableApplicationContext context, String url) {
        this.context = context;
        this.url = url;
    }

    /**
     * Returns when it listens and has what it needs.
     *
     * @param wiring configuration classes that together make all beans
     */
    public static Server start(ServerOptions options, Class<?>... wiring) {
        var application = new SpringApplication(wiring);
        application.addInitializers(
                context -> {
                    context.getBeanFactory().registerSingleton("serverOptions", options);
                    context.getEnvironment()
                            .getPropertySources()
                            .addFirst(new MapPropertySource("toygres", properties(options)));
                });
        options.addressFile().ifPresent(Server::remove);
        ConfigurableApplicationContext context = application.run();
        var server = new Server(context, url(options, context));
        options.addressFile().ifPresent(file -> write(file, server.url));
        return server;
    }

    /** First in order, so that no SERVER_PORT of the environment can say otherwise. */
    private static Map<String, Object> properties(ServerOptions options) {
        var properties = new HashMap<String, Object>();
        properties.put("server.address", options.address().getHostAddress());
        properties.put("server.port", options.port());
        properties.put("spring.lifecycle.timeout-per-shutdown-phase", options.grace());
        options.tls()
                .ifPresent(
                        tls -> {
                            properties.put("server.ssl.certificate", "file:" + tls.certificate());
                            properties.put(
                                    "server.ssl.certificate-private-key", "file:" + tls.key());
                        });
        return properties;
    }

    private static String url(ServerOptions options, ConfigurableApplicationContext context) {
        if (!(context instanceof WebServerApplicationContext web) || web.getWebServer() == null) {
            throw new IllegalStateException("the server does not listen");
        }
        String host = options.address().getHostAddress();
        return (options.tls().isPresent() ? "https://" : "http://")
                + (host.contains(":") ? "[" + host + "]" : host)
                + ":"
                + web.getWebServer().getPort();
    }

    private static void remove(Path addressFile) {
        try {
            Files.deleteIfExists(addressFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whoever sees the file sees all of it. */
    private static void write(Path addressFile, String url) {
        try {
            Path draft = addressFile.resolveSibling(addressFile.getFileName() + ".new");
            Files.writeString(draft, url + "\n");
            Files.move(draft, addressFile, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public String url() {
        return url;
    }

    /** A part of it, for tests. */
    public <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
