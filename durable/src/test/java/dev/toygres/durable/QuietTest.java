package dev.toygres.durable;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said in the log, and what is not. */
class QuietTest {
    private static final Stage stage = new Stage("quiet");
    private static final FlowType<String, String> TYPE =
            new FlowType<>("flow", String.class, String.class);

    @AfterAll
    static void end() {
        stage.close();
    }

    @AfterEach
    void clear() {
        stage.clear();
    }

    @Test
    void anUnknownTypeIsNamedOnce() {
        Engine engine = stage.engine(TYPE, (flow, in) -> in);
        stage.start("strange", new FlowType<>("unheard of", String.class, String.class), "in");

        try (var log = new Logged("dev.toygres.durable")) {
            engine.tick();
            engine.tick();

            assertThat(log.messages()).filteredOn(m -> m.contains("unheard of")).hasSize(1);
        }
    }

    @Test
    void anEngineThatListensClosesWithoutAWordOfThePool() {
        try (HikariDataSource pool = stage.database.openPool(4);
                var log = new Logged("com.zaxxer.hikari")) {
            Engine engine =
                    Engine.on(pool, Flows.none().with(TYPE, (flow, in) -> in))
                            .clock(InstantSource.system())
                            .options(Stage.OPTIONS.pollInterval(Duration.ofMinutes(10)))
                            .build();
            engine.start();
            Eventually.until(
                    Duration.ofSeconds(20),
                    "listening",
                    () ->
                            stage.count(
                                            "select count(*) from pg_stat_activity where query ="
                                                    + " 'listen durable_wake' and datname ="
                                                    + " current_database()")
                                    == 1);

            engine.close();

            assertThat(log.messages()).isEmpty();
            assertThat(
                            stage.count(
                                    "select count(*) from pg_stat_activity where query ="
                                            + " 'listen durable_wake'"
                                            + " and datname = current_database()"))
                    .isZero();
        }
    }
}
