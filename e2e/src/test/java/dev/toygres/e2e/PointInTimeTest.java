package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.client.ToygresClient;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every kind of target (D12, R4.54-R4.57), while clients are at work, before and after a failover:
 * the rows are those of the ledger at that point.
 */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PointInTimeTest {
    private static final String SOURCE = "ledger";
    private static final String MINE = "select string_agg(id::text, ',' order by id) from mine";

    /**
     * A point, and what the ledger said at it.
     *
     * @param mine of a client that was alone with its table: exactly these
     * @param atLeast rows of the others that were acknowledged before
     * @param atMost rows of the others that were begun before
     */
    private record Mark(List<String> upTo, String mine, Set<Long> atLeast, Set<Long> atMost) {}

    private Home home;
    private LocalStore store;

    @BeforeAll
    void up() throws IOException {
        store = new LocalStore();
        home = Home.up(2);
    }

    @AfterAll
    void down() throws IOException {
        home.close();
        store.close();
    }

    @Test
    void d12NoRowIsMissingAndNoneIsTooManyAtAnyKindOfPoint() throws SQLException {
        home.create(SOURCE);
        home.toygres("replica", "add", SOURCE, "r1").succeeded();
        home.toygres("backup", "schedule", SOURCE, "--path", store.of(SOURCE).toString())
                .succeeded();
        execute("create table mine (id int)");
        List<Mark> marks = new ArrayList<>();
        try (Clerks clerks = Clerks.on(home, SOURCE)) {
            home.toygres("backup", "create", SOURCE).succeeded();
            marks.addAll(marks(clerks, 0));
            home.toygres("failover", SOURCE, "--to", "r1").succeeded();
            home.toygres("backup", "create", SOURCE, "--type", "incremental").succeeded();
            marks.addAll(marks(clerks, 10));
            for (int i = 0; i < marks.size(); i++) {
                comesBack("copy-" + i, marks.get(i));
            }
            Set<Long> before = clerks.acknowledged();
            String mine = Sql.ask(home, SOURCE, MINE);
            restore("copy-latest", List.of("--latest"));
            judge("copy-latest", new Mark(List.of("--latest"), mine, before, clerks.begun()));
        }
    }

    /** Nobody writes: no commit comes after the time; nor any more, once the source is gone. */
    @Test
    void d12ATimeAtWhichNobodyWroteIsReached() throws SQLException {
        home.create("idle");
        home.toygres("backup", "schedule", "idle", "--path", store.of("idle").toString())
                .succeeded();
        home.toygres("backup", "create", "idle").succeeded();
        Sql.execute(home, "idle", "create table mine as select 1 as id");
        String written = Sql.time(home, "idle").toString();
        home.toygres("restore", "idle", "--to-new", "while-idle", "--size", "nano", "--at", written)
                .succeeded();
        assertThat(Sql.ask(home, "while-idle", MINE)).isEqualTo("1");

        Sql.execute(home, "idle", "insert into mine values (2)");
        home.toygres("backup", "point", "idle", "last").succeeded();
        String latest;
        try (ToygresClient client = home.client()) {
            latest = client.getRestoreWindow("idle").latest().orElseThrow().toString();
        }
        home.toygres("delete", "idle").succeeded();
        home.toygres("restore", "idle", "--to-new", "heir", "--size", "nano", "--at", latest)
                .succeeded();
        assertThat(Sql.ask(home, "heir", MINE)).isEqualTo("1,2");
    }

    /** One of each kind; between them a row that the one before does not have. */
    private List<Mark> marks(Clerks clerks, int number) throws SQLException {
        List<Mark> marks = new ArrayList<>();
        insert(clerks, number + 1);
        marks.add(
                mark(
                        clerks,
                        numbers(number + 1),
                        () -> List.of("--at", Sql.time(home, SOURCE).toString())));
        insert(clerks, number + 2);
        marks.add(
                mark(
                        clerks,
                        numbers(number + 2),
                        () -> List.of("--lsn", ask("select pg_current_wal_insert_lsn()"))));
        insert(clerks, number + 3);
        marks.add(
                mark(
                        clerks,
                        numbers(number + 3),
                        () -> {
                            String name = "point-" + number;
                            home.toygres("backup", "point", SOURCE, name).succeeded();
                            return List.of("--name", name);
                        }));
        marks.add(
                mark(
                        clerks,
                        numbers(number + 4),
                        () ->
                                List.of(
                                        "--xid",
                                        ask(
                                                "insert into mine values (%d) returning pg_current_xact_id()"
                                                        .formatted(number + 4)))));
        marks.add(
                mark(
                        clerks,
                        numbers(number + 4),
                        () ->
                                List.of(
                                        "--xid",
                                        ask("delete from mine returning pg_current_xact_id()"),
                                        "--exclusive")));
        // As they were, for what comes after.
        execute("insert into mine select generate_series(1, %d)".formatted(number + 4));
        if (number == 0) {
            execute("insert into mine select generate_series(5, 10)");
        }
        clerks.awaitMore(20);
        return marks;
    }

    private interface Point {
        List<String> take() throws SQLException;
    }

    private static Mark mark(Clerks clerks, String mine, Point point) throws SQLException {
        Set<Long> atLeast = clerks.acknowledged();
        List<String> upTo = point.take();
        return new Mark(upTo, mine, atLeast, clerks.begun());
    }

    private void insert(Clerks clerks, int number) throws SQLException {
        clerks.awaitMore(20);
        execute("insert into mine values (" + number + ")");
    }

    private static String numbers(int last) {
        return IntStream.rangeClosed(1, last)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(","));
    }

    private void comesBack(String copy, Mark mark) throws SQLException {
        restore(copy, mark.upTo());
        judge(copy, mark);
        home.toygres("delete", copy).succeeded();
    }

    private void restore(String copy, List<String> upTo) {
        List<String> words =
                new ArrayList<>(List.of("restore", SOURCE, "--to-new", copy, "--size", "nano"));
        words.addAll(upTo);
        home.toygres(words.toArray(String[]::new)).succeeded();
    }

    private void judge(String copy, Mark mark) throws SQLException {
        assertThat(Sql.ask(home, copy, MINE)).as("%s", mark.upTo()).isEqualTo(mark.mine());
        assertThat(Clerks.rows(home, copy))
                .as("%s", mark.upTo())
                .containsAll(mark.atLeast())
                .isSubsetOf(mark.atMost());
    }

    private String ask(String sql) throws SQLException {
        return Sql.ask(home, SOURCE, sql);
    }

    private void execute(String sql) throws SQLException {
        Sql.execute(home, SOURCE, sql);
    }
}
