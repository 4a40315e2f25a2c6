package dev.toygres.bench.durable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.toygres.durable.Context;
import dev.toygres.durable.Engine;
import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;
import dev.toygres.durable.StepOptions;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/** A process that takes up operations and holds them until it is killed. */
final class Holder {
    static final FlowType<String, String> TYPE = new FlowType<>("held", String.class, String.class);

    private Holder() {}

    static Process launch(String url) throws IOException {
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        String java = System.getProperty("java.home") + "/bin/java";
        return new ProcessBuilder(
                        List.of(java, "-Xmx128m", "-cp", classes, Holder.class.getName(), url))
                .inheritIO()
                .start();
    }

    public static void main(String[] arguments) throws InterruptedException {
        var config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setUsername("postgres");
        config.setMaximumPoolSize(8);
        try (var pool = new HikariDataSource(config);
                Engine engine = engine(pool, () -> true)) {
            engine.start();
            new CountDownLatch(1).await();
        }
    }

    /** With the options of a default engine. */
    static Engine engine(DataSource pool, BooleanSupplier holds) {
        return Engine.on(pool, Flows.none().with(TYPE, (flow, in) -> run(flow, in, pool, holds)))
                .build();
    }

    private static String run(Context flow, String in, DataSource pool, BooleanSupplier holds) {
        flow.step(
                "hold",
                StepOptions.DEFAULT,
                _ -> {
                    note(pool, flow.operationId());
                    if (holds.getAsBoolean()) {
                        new CountDownLatch(1).await();
                    }
                });
        return in;
    }

    private static void note(DataSource pool, String operation) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("insert into begun values (?, ?)")) {
            statement.setString(1, operation);
            statement.setLong(2, ProcessHandle.current().pid());
            statement.executeUpdate();
        }
    }
}
