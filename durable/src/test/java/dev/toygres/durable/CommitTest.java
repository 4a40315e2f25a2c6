package dev.toygres.durable;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The answer to a commit was lost: a transaction must be there once all the same. */
class CommitTest {
    private static final Stage stage = new Stage("commits");
    private static final FlowType<String, Integer> TYPE =
            new FlowType<>("flow", String.class, Integer.class);

    private final CutAtCommit connections = new CutAtCommit(stage.database.dataSource());
    private final AtomicInteger calls = new AtomicInteger();

    @BeforeAll
    static void prepare() {
        stage.execute("create table booked (what text)");
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @AfterEach
    void clear() {
        stage.execute("truncate booked");
        stage.clear();
    }

    @ParameterizedTest
    @EnumSource(CutAtCommit.Side.class)
    void aTransactionWhoseCommitWasCutIsThereOnce(CutAtCommit.Side side) {
        run(connections.dataSource(), _ -> connections.atTheNextCommit(side));

        String tries = side == CutAtCommit.Side.Before ? "2" : "1";
        assertThat(stage.result("op")).contains(tries);
        assertThat(stage.count("select count(*) from booked")).isEqualTo(1);
        assertThat(stage.history("op")).containsExactly("book Succeeded");
    }

    /** The catalogue ends the transaction of a process that sleeps with locks in its hands. */
    @Test
    void aTransactionThatOverslept() {
        try (HikariDataSource pool =
                stage.database.openPool(4, "-c idle_in_transaction_session_timeout=100ms")) {
            run(pool, CommitTest::awaitEnd);
        }

        assertThat(stage.result("op")).contains("2");
        assertThat(stage.count("select count(*) from booked")).isEqualTo(1);
    }

    /** Returns never: the next statement says that the transaction was ended. */
    private static void awaitEnd(Connection connection) throws SQLException {
        while (true) {
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            book(connection);
        }
    }

    /** What comes in between, the first time. */
    private interface Trouble {
        void on(Connection connection) throws SQLException;
    }

    private void run(DataSource source, Trouble trouble) {
        Flow<String, Integer> flow =
                (context, in) ->
                        context.transact(
                                "book",
                                Integer.class,
                                connection -> {
                                    book(connection);
                                    if (calls.incrementAndGet() == 1) {
                                        trouble.on(connection);
                                    }
                                    return calls.get();
                                });
        Engine engine =
                stage.keep(
                        Engine.on(source, Flows.none().with(TYPE, flow))
                                .clock(stage.clock)
                                .options(Stage.OPTIONS)
                                .build());
        stage.start("op", TYPE, "in");
        stage.settle(engine);
    }

    private static void book(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("insert into booked values ('x')");
        }
    }
}
