package dev.toygres.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Undo actions that have steps of their own. */
class UndoTest {
    private static final Stage stage = new Stage("undo");
    private static final FlowType<String, String> TYPE =
            new FlowType<>("flow", String.class, String.class);

    private final List<String> done = new CopyOnWriteArrayList<>();
    private final AtomicBoolean broken = new AtomicBoolean(true);

    @BeforeAll
    static void prepare() {
        stage.execute("create table name (id text primary key)");
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @AfterEach
    void clear() {
        stage.clear();
        stage.execute("truncate name");
    }

    private static void take(Connection connection) throws SQLException {
        execute(connection, "insert into name values ('pg')");
    }

    private static void free(Connection connection) throws SQLException {
        execute(connection, "delete from name where id = 'pg'");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void fail(Context flow) {
        flow.step(
                "doomed",
                Stage.ONCE,
                _ -> {
                    throw new PermanentFailure("broken");
                });
    }

    private void failIfBroken() {
        if (broken.get()) {
            throw new IllegalStateException("broken");
        }
    }

    private Engine run(Flow<String, String> flow) {
        Engine engine = stage.engine(TYPE, flow);
        stage.start("op", TYPE, "in");
        stage.settle(engine);
        return engine;
    }

    /** What a plain write did: it took the name from whoever had come after. */
    @Test
    void aServerThatWasOnlySlowCannotWriteInItsUndo() {
        Flow<String, String> flow =
                (context, in) -> {
                    context.onUndo(
                            "free",
                            undo -> {
                                whileAnotherTakesOver();
                                undo.transact("free", UndoTest::free);
                            });
                    context.transact("take", UndoTest::take);
                    fail(context);
                    return in;
                };

        run(flow);

        assertThat(stage.state("op")).isEqualTo(OperationState.Failed);
        assertThat(stage.count("select count(*) from name")).isEqualTo(1);
    }

    /** The slow one sleeps here; the other ends the work, and the name is taken again. */
    private void whileAnotherTakesOver() {
        if (!done.isEmpty()) {
            return;
        }
        done.add("taken over");
        stage.execute("update durable.operation set owner = null, wake_at = durable.at_once()");
        Engine other =
                stage.engine(
                        TYPE,
                        (context, in) -> {
                            context.onUndo("free", undo -> undo.transact("free", UndoTest::free));
                            context.transact("take", UndoTest::take);
                            fail(context);
                            return in;
                        });
        stage.settle(other);
        assertThat(stage.count("select count(*) from name")).isZero();
        stage.execute("insert into name values ('pg')");
    }

    @Test
    void anUndoMayHaveManySteps() {
        run(
                (context, in) -> {
                    context.onUndo("first", Stage.ONCE, _ -> done.add("first"));
                    context.onUndo(
                            "second",
                            undo -> {
                                undo.step("a", Stage.ONCE, _ -> done.add("a"));
                                String what = undo.transact("b", String.class, _ -> "answer of b");
                                undo.step("c", Stage.ONCE, _ -> done.add(what));
                            });
                    context.step("a", Stage.ONCE, _ -> done.add("forward a"));
                    fail(context);
                    return in;
                });

        assertThat(done).containsExactly("forward a", "a", "answer of b", "first");
        assertThat(stage.history("op"))
                .contains(
                        "~undo/second/a Succeeded",
                        "~undo/second/b Succeeded",
                        "~undo/first Succeeded");
    }

    @Test
    void anUndoThatFailedAsksAndBeginsAnew() {
        Engine engine =
                run(
                        (context, in) -> {
                            context.onUndo(
                                    "two",
                                    undo -> {
                                        undo.step("a", Stage.ONCE, _ -> done.add("a"));
                                        undo.transact("b", _ -> failIfBroken());
                                    });
                            fail(context);
                            return in;
                        });
        assertThat(stage.state("op")).isEqualTo(OperationState.NeedsDecision);
        assertThat(stage.operation("op").question().orElseThrow())
                .contains("~undo/two", "broken", "retry", "abandon");

        broken.set(false);
        stage.operations.decide("op", Map.of("action", "retry"));
        stage.settle(engine);

        assertThat(stage.state("op")).isEqualTo(OperationState.Failed);
        assertThat(done).containsExactly("a", "a");
        assertThat(stage.history("op")).contains("~undo/two/b Failed", "~undo/two#2/b Succeeded");
    }

    /** A bug between its steps must not leave the operation in nobody's hands. */
    @Test
    void anUndoThatThrowsOutsideOfItsStepsAsks() {
        Engine engine =
                run(
                        (context, in) -> {
                            context.onUndo("bad", _ -> failIfBroken());
                            fail(context);
                            return in;
                        });
        assertThat(stage.state("op")).isEqualTo(OperationState.NeedsDecision);

        stage.operations.decide("op", Map.of("action", "abandon"));
        stage.settle(engine);

        assertThat(stage.state("op")).isEqualTo(OperationState.Failed);
    }

    @Test
    void anUndoCannotItselfBeUndoneOrGoBeyondReturn() {
        run(
                (context, in) -> {
                    context.onUndo("a", undo -> undo.pointOfNoReturn("never"));
                    fail(context);
                    return in;
                });

        assertThat(stage.operation("op").question().orElseThrow())
                .contains("an undo has no pointOfNoReturn of its own");
    }
}
