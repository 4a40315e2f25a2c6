package dev.toygres.durable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.toygres.durable.testing.CrashPoint;
import dev.toygres.testkit.Eventually;
import java.io.File;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Another process that works on the same database, for tests that kill it. */
final class Worker {
    static final FlowType<String, String> SLOW = new FlowType<>("slow", String.class, String.class);
    static final int STEPS = 20;
    private static final EngineOptions OPTIONS =
            EngineOptions.DEFAULT.heartbeat(Duration.ofMillis(250));

    private Worker() {}

    /** Launches this class in a JVM of its own. */
    static Process launch(String... arguments) throws IOException {
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        var command =
                new ArrayList<>(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "-cp",
                                classes,
                                Worker.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File("target/worker.log"))
                .start();
    }

    public static void main(String[] arguments) throws InterruptedException {
        var config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setUsername("postgres");
        config.setMaximumPoolSize(8);
        try (var pool = new HikariDataSource(config)) {
            if (arguments.length > 1) {
                playUntilTheEndOrHalt(pool, arguments[1], Integer.parseInt(arguments[2]));
            } else {
                work(pool);
            }
        }
    }

    private static void work(HikariDataSource pool) throws InterruptedException {
        Engine engine =
                Engine.on(pool, Flows.none().with(SLOW, Worker::slow)).options(OPTIONS).build();
        engine.start();
        new CountDownLatch(1).await(10, TimeUnit.MINUTES);
    }

    private static String slow(Context flow, String input) {
        for (int i = 0; i < STEPS; i++) {
            String name = "step " + i;
            flow.step(name, Stage.ONCE, _ -> TimeUnit.MILLISECONDS.sleep(100));
            flow.transact("book " + i, connection -> book(connection, flow.operationId(), name));
        }
        return input;
    }

    private static void book(Connection connection, String id, String what) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("insert into booking values (?, ?, ?)")) {
            statement.setString(1, id);
            statement.setString(2, what);
            statement.setLong(3, ProcessHandle.current().pid());
            statement.executeUpdate();
        }
    }

    private static void playUntilTheEndOrHalt(HikariDataSource pool, String id, int write) {
        var scene = new Everything(pool, id, false);
        var point =
                new CrashPoint(write, CrashPoint.Side.Before, () -> Runtime.getRuntime().halt(137));
        scene.begin();
        try (Engine engine = scene.engine().probe(point).build()) {
            Eventually.until(
                    Duration.ofSeconds(60), "the end", () -> engine.tick() == 0 && !scene.next());
        }
    }
}
