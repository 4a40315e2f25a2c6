package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.process.Guard;
import dev.toygres.agentapi.Address;
import dev.toygres.model.StopMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * A throw-away server beside the members: data from the template, a port and access rules of its
 * own. It is gone when its work is done; what a killed agent left is swept away by the next one.
 */
final class Scratch {
    private final Ground ground;
    private final Templates templates;
    private final Ports ports;
    private final InstantSource clock;
    private final ReentrantLock one = new ReentrantLock();

    Scratch(Ground ground, Templates templates, Ports ports, InstantSource clock) {
        this.ground = ground;
        this.templates = templates;
        this.ports = ports;
        this.clock = clock;
    }

    /**
     * One conversation with it as superuser.
     *
     * @param keys writes its certificates, if it needs any: then it is talked to over TLS
     * @param settings its settings file, for its home and port
     */
    <T> T with(
            String name,
            int major,
            Consumer<MemberHome> keys,
            BiFunction<MemberHome, Integer, String> settings,
            Sql.Work<T> work) {
        one.lock();
        var home = new MemberHome(directory().resolve(name));
        try {
            remove(home);
            var port = make(home, major, keys, settings);
            ground.crash().reached("scratch: made");
            postgres(home).start(ground.installations().bin(major), 0);
            ground.crash().reached("scratch: started");
            return ask(
                    new Address(ground.bindAddress(), port),
                    templates.password(major),
                    Files.exists(home.certificate()),
                    work);
        } finally {
            remove(home);
            one.unlock();
        }
    }

    private int make(
            MemberHome home,
            int major,
            Consumer<MemberHome> keys,
            BiFunction<MemberHome, Integer, String> settings) {
        var port = ports.free();
        var user = ground.user();
        Durable.directory(directory(), "rwx--x--x");
        home.make(user);
        keys.accept(home);
        user.file(home.settings(), settings.apply(home, port) + "\nfsync = off\n");
        user.file(
                home.access(),
                "host all %s %s scram-sha-256\n"
                        .formatted(
                                Sql.SUPERUSER,
                                ground.bindAddress()
                                        + (ground.bindAddress().contains(":") ? "/128" : "/32")));
        user.file(home.names(), "");
        templates.copyUnsafely(
                major, home.data(), ControlFile.newSystemIdentifier(clock.instant()));
        return port;
    }

    private static <T> T ask(Address address, String password, boolean tls, Sql.Work<T> work) {
        var properties = new Properties();
        properties.setProperty("user", Sql.SUPERUSER);
        properties.setProperty("password", password);
        properties.setProperty("sslmode", tls ? "require" : "disable");
        properties.setProperty("options", Sql.OPTIONS);
        properties.setProperty("localSocketAddress", address.host());
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "30");
        var host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
        try (var connection =
                        DriverManager.getConnection(
                                "jdbc:postgresql://" + host + ":" + address.port() + "/postgres",
                                properties);
                var statement = connection.createStatement()) {
            return work.in(statement);
        } catch (SQLException cause) {
            throw new OrderFailed("the scratch server: " + cause.getMessage(), cause);
        }
    }

    private void remove(MemberHome home) {
        if (Files.exists(home.root())) {
            postgres(home).stop(StopMode.Immediate);
            Durable.delete(home.root());
        }
    }

    private Postgres postgres(MemberHome home) {
        var guard = new Guard(ground.guardProgram(), ground.tools(), home.data(), home.guard());
        return new Postgres(guard, home.data(), ground.limits());
    }

    /** What an agent that was killed left behind. */
    void sweep() {
        if (!Files.isDirectory(directory())) {
            return;
        }
        try (var left = Files.newDirectoryStream(directory())) {
            left.forEach(path -> remove(new MemberHome(path)));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private Path directory() {
        return ground.home().host().resolve("scratch");
    }
}
