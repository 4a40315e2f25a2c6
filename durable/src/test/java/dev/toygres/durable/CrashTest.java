package dev.toygres.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.durable.testing.Effects;
import dev.toygres.durable.testing.Scene;
import dev.toygres.testkit.TickedClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loses the engine at every journal write of a flow that has every construct in it. */
@Tag("harness")
class CrashTest {
    private static final Stage stage = new Stage("crashes");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Nothing here loses the catalogue, so its disk need not be waited for. */
    private static final HikariDataSource POOL =
            stage.database.openPool(16, "-c synchronous_commit=off");

    @BeforeAll
    static void prepare() {
        stage.execute("create table booking (operation text not null, what text not null)");
    }

    @AfterAll
    static void end() {
        POOL.close();
        stage.close();
    }

    private static Everything everything(boolean cancelled) {
        return new Everything(POOL, "scene-" + NUMBER.incrementAndGet(), cancelled);
    }

    @Test
    void theEndIsTheSameWhereverTheEngineIsLost() {
        var report = new CrashHarness(() -> everything(false)).run();

        assertThat(report.crashes()).hasSizeGreaterThanOrEqualTo(2 * report.writes().size() - 4);
        assertThat(report.writes()).hasSizeGreaterThan(30);
    }

    @Test
    void undoingEndsTheSameWhereverTheEngineIsLost() {
        var report = new CrashHarness(() -> everything(true)).run();

        assertThat(report.crashes()).hasSizeGreaterThanOrEqualTo(2 * report.writes().size() - 4);
    }

    /** The harness itself: a flow with an effect outside of any step must be caught. */
    @Test
    void theHarnessFindsAFlowThatActsOutsideItsSteps() {
        var harness = new CrashHarness(Careless::new);

        assertThatThrownBy(harness::run)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("careless");
    }

    private static final class Careless implements Scene {
        private static final FlowType<String, String> TYPE =
                new FlowType<>("careless", String.class, String.class);
        private final Effects effects = new Effects();
        private final String id = "careless-" + NUMBER.incrementAndGet();
        private final TickedClock clock = new TickedClock(Instant.parse("2026-01-01T00:00:00Z"));
        private final CatalogueOperations operations =
                new CatalogueOperations(stage.database.dataSource(), clock);

        @Override
        public Engine.Builder engine() {
            Flow<String, String> flow =
                    (context, input) -> {
                        effects.happened("careless");
                        effects.happened("careless");
                        context.step("a", Stage.ONCE, _ -> effects.happened("a"));
                        return input;
                    };
            return Engine.on(stage.database.dataSource(), Flows.none().with(TYPE, flow))
                    .clock(clock)
                    .options(Stage.OPTIONS);
        }

        @Override
        public void begin() {
            try (Connection connection = stage.database.dataSource().getConnection()) {
                operations.start(
                        connection,
                        new StartRequest<>(id, TYPE, "x", Optional.empty(), Optional.empty()));
            } catch (SQLException e) {
                throw new CatalogueFault(e);
            }
        }

        @Override
        public boolean next() {
            return !operations.find(id).orElseThrow().state().isFinal();
        }

        @Override
        public Object outcome() {
            return operations.find(id).orElseThrow().state();
        }

        @Override
        public Map<String, Integer> effects() {
            return effects.counts();
        }

        @Override
        public void close() {}
    }
}
