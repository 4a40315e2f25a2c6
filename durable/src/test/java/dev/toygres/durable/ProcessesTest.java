package dev.toygres.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes that really die. */
@Tag("chaos")
class ProcessesTest {
    private static final Stage stage = new Stage("processes");
    private static final Duration SOON = Duration.ofSeconds(60);

    private final List<Process> workers = new ArrayList<>();

    @AfterAll
    static void end() {
        stage.close();
    }

    @BeforeEach
    void prepare() {
        stage.execute("drop table if exists booking");
        stage.execute("create table booking (operation text, what text, worker bigint)");
    }

    @AfterEach
    void clear() throws InterruptedException {
        for (Process worker : workers) {
            worker.destroyForcibly().waitFor();
        }
        stage.clear();
    }

    private Process worker(String... arguments) throws IOException {
        Process worker = Worker.launch(arguments);
        workers.add(worker);
        return worker;
    }

    /** Up, and asleep, so that the other one does not end the work while this one starts. */
    private Process sleepingWorker() throws Exception {
        Process heir = worker(stage.database.url());
        Eventually.until(
                SOON, "a server", () -> stage.count("select count(*) from durable.server") == 1);
        signal(heir, "STOP");
        return heir;
    }

    private static List<String> startMany() {
        List<String> ids = IntStream.range(0, 6).mapToObj(i -> "op-" + i).toList();
        ids.forEach(id -> stage.start(id, Worker.SLOW, "in"));
        return ids;
    }

    private static long bookingsOf(Process worker) {
        return stage.count("select count(*) from booking where worker = " + worker.pid());
    }

    private static void awaitAll(List<String> ids) {
        for (String id : ids) {
            Eventually.within(
                    SOON, () -> assertThat(stage.state(id)).isEqualTo(OperationState.Succeeded));
        }
        assertThat(stage.count("select count(*) from booking"))
                .isEqualTo((long) ids.size() * Worker.STEPS);
    }

    @Test
    void theWorkOfAKilledProcessGoesOnElsewhere() throws Exception {
        Process heir = sleepingWorker();
        Process doomed = worker(stage.database.url());
        List<String> ids = startMany();
        Eventually.until(SOON, "some bookings", () -> bookingsOf(doomed) > 10);

        doomed.destroyForcibly();
        signal(heir, "CONT");

        awaitAll(ids);
        assertThat(bookingsOf(heir)).isPositive();
    }

    @Test
    void aProcessThatWasFrozenPastItsHeartbeatWritesNothing() throws Exception {
        Process heir = sleepingWorker();
        Process frozen = worker(stage.database.url());
        List<String> ids = startMany();
        Eventually.until(SOON, "some bookings", () -> bookingsOf(frozen) > 10);
        signal(frozen, "STOP");
        signal(heir, "CONT");
        long before = bookingsOf(frozen);
        awaitAll(ids);
        List<List<String>> history = ids.stream().map(stage::history).toList();

        signal(frozen, "CONT");
        Eventually.until(
                SOON,
                "it beats again",
                () ->
                        stage.count(
                                        "select count(*) from durable.server where heartbeat_at >"
                                                + " clock_timestamp() - interval '500 ms'")
                                == 2);
        stage.start("another", Worker.SLOW, "in");
        Eventually.within(
                SOON, () -> assertThat(stage.state("another")).isEqualTo(OperationState.Succeeded));

        assertThat(
                        stage.count(
                                "select count(*) from booking where operation <> 'another'"
                                        + " and worker = "
                                        + frozen.pid()))
                .isEqualTo(before);
        assertThat(ids.stream().map(stage::history).toList()).isEqualTo(history);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 9, 14, 23, 31})
    void theEndIsTheSameWhenTheProcessHalts(int write) throws Exception {
        stage.execute("drop table booking");
        stage.execute("create table booking (operation text not null, what text not null)");
        var undisturbed = new Everything(stage.database.dataSource(), "undisturbed", false);
        undisturbed.begin();
        Object expected = CrashHarness.finish(undisturbed);

        int status = worker(stage.database.url(), "halted", "" + write).waitFor();
        assertThat(status).isEqualTo(137);
        Object actual =
                CrashHarness.finish(new Everything(stage.database.dataSource(), "halted", false));

        assertThat(actual).isEqualTo(expected);
    }

    private static void signal(Process process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor())
                .isZero();
    }
}
