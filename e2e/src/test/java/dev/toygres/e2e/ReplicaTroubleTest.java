package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.toygres.api.FailoverOptions;
import dev.toygres.api.FailoverRequest;
import dev.toygres.api.Host;
import dev.toygres.api.Instance;
import dev.toygres.api.OperationState;
import dev.toygres.api.Replica;
import dev.toygres.client.ListQuery;
import dev.toygres.client.PendingOperation;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What may happen to replicas, and to a failover on its way, with real processes and a load that
 * runs all the time: of what was acknowledged nothing is ever lost.
 */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicaTroubleTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Home home;
    private ToygresClient client;
    private Load load;

    /** Clients whose addresses moved away from a dead host. */
    private int cutOff;

    @BeforeAll
    void up() throws SQLException {
        home = Home.up(3);
        client = home.client();
        home.toygres("create", "pg", "--size", "nano", "--replica", "pg-r1", "--replica", "pg-r2")
                .succeeded();
        home.awaitStreaming("pg", 2);
        load = Load.on(home, "pg", true);
    }

    @BeforeEach
    void allIsWell() {
        home.awaitStreaming("pg", 2);
    }

    @AfterAll
    void down() throws SQLException {
        try (Home _ = home;
                ToygresClient _ = client;
                Load writing = load) {
            load.awaitMore(20);
            writing.stop();
            assertThat(writing.failures().stream().skip(cutOff))
                    .as("pooled clients only paused")
                    .isEmpty();
            assertThat(writing.lost()).as("acknowledged").isEmpty();
        }
    }

    /**
     * Expected: while the failover drains, a second one is refused with the first one's id; when
     * its target dies with its host, the failover fails and the old primary serves as before,
     * without ever having been stopped.
     */
    @Test
    @Order(1)
    void aTargetThatDiesBeforeTheFenceLeavesThePrimaryAsItWas() throws SQLException {
        long before = postmaster("pg-m1");
        try (Connection idle = home.connect("pg", false)) {
            idle.setAutoCommit(false);
            ask(idle, "select 1");
            PendingOperation failover = failOver("pg-r2");
            Eventually.until(SOON, "it drains", () -> stateOf(failover).equals("FencingPrimary"));

            assertThatThrownBy(() -> failOver("pg-r1"))
                    .isInstanceOf(ToygresException.Conflict.class)
                    .hasMessageContaining(failover.id());
            die("pg-r2");
            idle.rollback();

            Eventually.until(SOON, "it ends", () -> operation(failover).state().isFinal());
            assertThat(operation(failover).state()).isEqualTo(OperationState.Failed);
        }
        assertThat(instance().primary()).contains("pg-m1");
        assertThat(instance().state()).isEqualTo("Running");
        assertThat(postmaster("pg-m1")).as("never stopped").isEqualTo(before);
        load.awaitMore(20);
        comeBack("pg-r2");
        home.awaitStreaming("pg", 2);
    }

    /**
     * Expected: the failover is done; the addresses, which its host served, are served by another
     * one; what was killed follows again once its host is back, by itself or by one rebuild.
     */
    @Test
    @Order(2)
    void anOldPrimaryThatDiesDuringItsConversionHoldsUpNobody() {
        assertThat(load.failures()).isEmpty();
        PendingOperation failover = failOver("pg-r1");
        Eventually.until(
                SOON,
                "clients are served",
                () -> List.of("CleaningUpOldPrimary", "Completed").contains(stateOf(failover)));
        die("pg-m1");

        Eventually.until(SOON, "it ends", () -> operation(failover).state().isFinal());
        assertThat(operation(failover).state()).isEqualTo(OperationState.Succeeded);
        assertThat(instance().primary()).contains("pg-r1");
        load.awaitMore(20);
        comeBack("pg-m1");
        Eventually.until(SOON, "it is seen", () -> !trouble("pg-m1").contains("not answer"));
        if (!replica("pg-m1").state().equals("Streaming")) {
            home.toygres("replica", "rebuild", "pg", "pg-m1").succeeded();
        }
        home.awaitStreaming("pg", 2);
        load.awaitMore(20);
        cutOff = load.failures().size();
    }

    /**
     * Expected with strict: a commit waits for as long as the link is cut, and is there when it is
     * whole again. With preferred: it goes through alone, the instance says Unprotected, and is
     * protected again by itself.
     */
    @Test
    @Order(3)
    void aLinkThatIsCutHoldsCommitsOrLeavesThemAlone() throws Exception {
        home.toygres("replica", "update", "pg", "pg-r2", "--mode", "sync").succeeded();
        Eventually.until(SOON, "it gates", () -> syncList().contains("pg-r2"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection writer = home.connect("pg", false);
                Connection watcher = home.connect("pg", false)) {
            ask(writer, "create table if not exists cut (i int); select 1");
            String pid = ask(writer, "select pg_backend_pid()");

            long receiver = walReceiver("pg-r2");
            Home.signal(receiver, "STOP");
            Future<String> commit =
                    threads.submit(() -> ask(writer, "insert into cut values (1) returning i"));
            Eventually.until(SOON, "it waits", () -> waitsFor(watcher, pid).equals("SyncRep"));
            Home.signal(receiver, "CONT");
            assertThat(commit.get(60, TimeUnit.SECONDS)).isEqualTo("1");

            home.toygres("update", "pg", "--durability", "preferred").succeeded();
            Eventually.until(SOON, "it streams", () -> follows("pg-r2"));
            receiver = walReceiver("pg-r2");
            Home.signal(receiver, "STOP");
            Future<String> alone =
                    threads.submit(() -> ask(writer, "insert into cut values (2) returning i"));
            assertThat(alone.get(60, TimeUnit.SECONDS)).isEqualTo("2");
            Eventually.until(SOON, "told", () -> instance().health().equals("Unprotected"));
            Home.signal(receiver, "CONT");
            Eventually.until(SOON, "it gates again", () -> syncList().contains("pg-r2"));
        }
        home.toygres("replica", "update", "pg", "pg-r2", "--mode", "async").succeeded();
        Eventually.until(SOON, "nobody gates", () -> syncList().isEmpty());
        home.awaitStreaming("pg", 2);
    }

    /**
     * Expected: who stayed away longer than its slot could wait is named Broken with the reason,
     * and one operation makes it anew; the primary does not notice.
     */
    @Test
    @Order(4)
    void aReplicaThatLostItsSlotIsNamedAndRebuilt() throws SQLException {
        home.toygres("params", "set", "pg", "max_slot_wal_keep_size=32MB").succeeded();
        long before = postmaster("pg-r1");
        die("pg-r2");
        try (Connection session = home.connect("pg", false)) {
            ask(
                    session,
                    "create table filler as select repeat('x', 1000) f, g from"
                            + " generate_series(1, 80000) g; checkpoint; select 1");
            ask(
                    session,
                    "insert into filler select f, -g from filler limit 20000; checkpoint;"
                            + " drop table filler; select 1");
        }
        comeBack("pg-r2");

        Eventually.until(SOON, "named", () -> trouble("pg-r2").contains("rebuild it"));
        assertThat(replica("pg-r2").state()).isEqualTo("Broken");
        home.toygres("replica", "rebuild", "pg", "pg-r2").succeeded();

        home.awaitStreaming("pg", 2);
        assertThat(postmaster("pg-r1")).isEqualTo(before);
    }

    /**
     * Expected: a copy that finds no room leaves a replica that is Broken for that reason, and a
     * primary that served all the time; with room it is rebuilt, and removed without a trace.
     */
    @Test
    @Order(5)
    void aReplicaThatFindsNoRoomIsNamedAndHadOnceThereIsSome() throws Exception {
        Path place = home.member(hostOf("pg-r2"), "pg-full");
        assumeTrue(mount(place, "24m"), "only who may mount can have a small disk");
        try {
            assertThat(
                            home.toygres("replica", "add", "pg", "pg-full", "--zone", zone("pg-r2"))
                                    .exitCode())
                    .isEqualTo(1);
            assertThat(replica("pg-full").state()).isEqualTo("Broken");
            assertThat(trouble("pg-full")).contains("No space left");
            load.awaitMore(20);
        } finally {
            run("umount", place.toString());
        }
        home.toygres("replica", "rebuild", "pg", "pg-full").succeeded();
        Eventually.until(SOON, "it streams", () -> replica("pg-full").state().equals("Streaming"));
        home.toygres("replica", "remove", "pg", "pg-full").succeeded();
        assertThat(place).doesNotExist();
    }

    /**
     * Expected: everything is stopped and started as it was: nobody is failed over, no alert is
     * left, and the addresses serve the rows that were there.
     */
    @Test
    @Order(6)
    void aPlannedStopOfEverythingIsNoFailure() {
        assertThat(load.failures().stream().skip(cutOff)).isEmpty();
        Instance before = instance();

        home.toygres("down").succeeded();
        home.toygres("up").succeeded();

        home.awaitStreaming("pg", 2);
        load.awaitMore(20);
        cutOff = load.failures().size();
        assertThat(instance().primary()).isEqualTo(before.primary());
        assertThat(instance().term()).isEqualTo(before.term());
        assertThat(instance().endpoints()).isEqualTo(before.endpoints());
    }

    /**
     * The new primary's Postgres, and another time its whole host, dies once there is no way back.
     * Expected: the operation ends by itself as soon as that can serve again; it is the primary, or
     * whoever took over from it since; nothing is lost.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Order(7)
    void aTargetThatDiesAfterThePointOfNoReturnIsThePrimaryAllTheSame(boolean host) {
        String target = instance().replicas().getFirst().id();
        PendingOperation failover = failOver(target);
        Eventually.until(
                SOON,
                "it promotes",
                () ->
                        List.of("PromotingReplica", "UpdatingRouting", "CleaningUpOldPrimary")
                                .contains(stateOf(failover)));
        if (host) {
            die(target);
            comeBack(target);
        } else {
            kill(() -> postmaster(target));
        }

        Eventually.until(SOON, "it ends", () -> operation(failover).state().isFinal());
        assertThat(operation(failover).state()).isEqualTo(OperationState.Succeeded);
        load.awaitMore(20);
        home.awaitStreaming("pg", 2);
    }

    /**
     * The disk of a primary is full. Expected: clients are told so, and nothing that was
     * acknowledged is lost. A primary that lives is not replaced, since its rows are the newest;
     * one that Postgres ended, because no WAL could be written, is. With room all is well by
     * itself.
     */
    @Test
    @Order(8)
    void aPrimaryWithoutRoomRefusesAndLosesNothing() throws Exception {
        Path place = home.member("host-1", "tight-m1");
        assumeTrue(mount(place, "200m"), "only who may mount can have a small disk");
        home.toygres(
                        "create",
                        "tight",
                        "--size",
                        "nano",
                        "--availability-zone",
                        "local-a",
                        "--replica",
                        "tight-r1:sync")
                .succeeded();
        try {
            long rows = fill();
            System.out.println("full after " + rows + " rows: " + client.getInstance("tight"));
            run("mount", "-o", "remount,size=800m", place.toString());

            Eventually.within(
                    SOON,
                    () -> {
                        assertThat(client.getInstance("tight").state()).isEqualTo("Running");
                        assertThat(client.getReplica("tight", replicaOf("tight")).state())
                                .isEqualTo("Streaming");
                        try (Connection session = home.connect("tight", false)) {
                            assertThat(ask(session, "select count(*) from filler"))
                                    .isEqualTo(String.valueOf(rows));
                            ask(session, "insert into filler values ('x') returning 1");
                        }
                    });
            home.toygres("delete", "tight").succeeded();
        } finally {
            run("umount", "-l", place.toString());
        }
    }

    /**
     * Expected: a failover by hand is refused with the id of the operation that adds, and the copy
     * goes on. When the primary dies meanwhile, the copy makes room at once and a replica takes
     * over; afterwards the same request adds the replica.
     */
    @Test
    @Order(9)
    void aFailoverWhileAReplicaIsBeingAdded() {
        String before = instance().primary().orElseThrow();
        home.toygres("replica", "add", "pg", "pg-r3", "--copy-rate", "1000000", "--no-wait")
                .succeeded();
        String adding = instance().operation().orElseThrow();
        Eventually.until(SOON, "it copies", () -> replica("pg-r3").state().equals("Provisioning"));

        assertThatThrownBy(() -> failOver("pg-r1"))
                .isInstanceOf(ToygresException.Conflict.class)
                .hasMessageContaining(adding);
        kill(() -> postmaster(before));

        Eventually.until(
                SOON,
                "a replica has taken over",
                () -> !instance().primary().equals(Optional.of(before)));
        assertThat(client.getOperation(adding).state().isFinal()).isTrue();
        load.awaitMore(20);
        Eventually.until(SOON, "nobody is at work", () -> instance().operation().isEmpty());
        if (instance().replicas().stream().noneMatch(one -> one.id().equals("pg-r3"))) {
            home.toygres("replica", "add", "pg", "pg-r3").succeeded();
        }
        home.awaitStreaming("pg", 3);
        home.toygres("replica", "remove", "pg", "pg-r3").succeeded();
        home.awaitStreaming("pg", 2);
        cutOff = load.failures().size();
    }

    private static final int PIECE = 4_000;

    /** Answers how many rows were acknowledged until there was no room. */
    private long fill() throws SQLException {
        long rows = 0;
        try (Connection session = home.connect("tight", false)) {
            ask(session, "create table filler (f text); select 1");
            while (true) {
                ask(
                        session,
                        "insert into filler select repeat('x', 1000) from generate_series(1, "
                                + PIECE
                                + "); select 1");
                rows += PIECE;
                assertThat(rows).as("it is full some time").isLessThan(1_000_000);
            }
        } catch (SQLException full) {
            System.out.println("no room: " + full.getSQLState() + " " + full.getMessage());
            return rows;
        }
    }

    private String replicaOf(String id) {
        return client.listReplicas(id, ListQuery.first()).items().getFirst().id();
    }

    // ---- faults ----

    /** Its host dies: the agent, and with the guard the Postgres, as far as they run just then. */
    private void die(String member) {
        String host = hostOf(member);
        kill(() -> home.pid("agent-" + host));
        kill(() -> home.pid("guard-" + member));
        kill(() -> postmaster(member));
    }

    private static void kill(LongSupplier process) {
        try {
            long pid = process.getAsLong();
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            Eventually.until(SOON, "pid " + pid + " is gone", () -> !Home.alive(pid));
        } catch (UncheckedIOException notRunning) {
            System.out.println("does not run just now: " + notRunning.getMessage());
        }
    }

    private void comeBack(String member) {
        home.toygres("up", "--host", hostOf(member)).succeeded();
    }

    private long walReceiver(String member) {
        return ProcessHandle.of(postmaster(member))
                .orElseThrow()
                .children()
                .map(ProcessHandle::pid)
                .filter(pid -> commandLine(pid).contains("walreceiver"))
                .findFirst()
                .orElseThrow();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), "cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    private static boolean mount(Path place, String size) throws Exception {
        Path members = place.getParent();
        Files.createDirectory(place);
        var owner = Files.getAttribute(members, "unix:uid");
        var group = Files.getAttribute(members, "unix:gid");
        Files.setAttribute(place, "unix:uid", owner);
        Files.setAttribute(place, "unix:gid", group);
        String options = "size=" + size + ",mode=0711,uid=" + owner + ",gid=" + group;
        if (run("mount", "-t", "tmpfs", "-o", options, "none", place.toString()) == 0) {
            return true;
        }
        Files.delete(place);
        return false;
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    // ---- what there is to see ----

    private PendingOperation failOver(String target) {
        var options =
                new FailoverOptions(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(PATIENCE));
        return client.startFailover(
                "pg", new FailoverRequest(Optional.of(target), Optional.of(options)));
    }

    private String stateOf(PendingOperation failover) {
        return client.listFailovers("pg", ListQuery.first()).items().stream()
                .filter(one -> one.operationId().equals(failover.id()))
                .map(one -> one.state())
                .findFirst()
                .orElse("");
    }

    private dev.toygres.api.Operation operation(PendingOperation pending) {
        return client.getOperation(pending.id());
    }

    private Instance instance() {
        return client.getInstance("pg");
    }

    private Replica replica(String id) {
        return client.getReplica("pg", id);
    }

    private String trouble(String id) {
        return replica(id).trouble().orElse("");
    }

    private String zone(String member) {
        return host(member).availabilityZone();
    }

    private String hostOf(String member) {
        return host(member).id();
    }

    private Host host(String member) {
        return client.listHosts(ListQuery.first()).items().stream()
                .filter(host -> Files.exists(home.member(host.id(), member)))
                .findFirst()
                .orElseThrow();
    }

    private long postmaster(String member) {
        return home.postmaster(hostOf(member), member);
    }

    private String syncList() {
        return asked("show synchronous_standby_names");
    }

    private boolean follows(String member) {
        return asked(
                        "select count(*) from pg_stat_replication where state = 'streaming'"
                                + " and application_name = '"
                                + member
                                + "'")
                .equals("1");
    }

    private String asked(String query) {
        try (Connection session = home.connect("pg", false)) {
            return ask(session, query);
        } catch (SQLException notNow) {
            return "";
        }
    }

    private static String waitsFor(Connection watcher, String pid) {
        try {
            return ask(
                    watcher,
                    "select coalesce(wait_event, '') from pg_stat_activity where pid = " + pid);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The first value of the last result. */
    private static String ask(Connection session, String query) throws SQLException {
        try (var statement = session.createStatement()) {
            boolean isRows = statement.execute(query);
            while (!isRows) {
                isRows = statement.getMoreResults();
            }
            var rows = statement.getResultSet();
            rows.next();
            return rows.getString(1);
        }
    }
}
