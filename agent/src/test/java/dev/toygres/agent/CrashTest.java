package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.Processes;
import dev.toygres.agent.process.Signal;
import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.model.MemberId;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is lost when an agent, a guard or a Postgres dies: nothing. */
@Tag("harness")
final class CrashTest {
    private static final Workshop SHOP = new Workshop();
    private static final Duration SOON = Duration.ofSeconds(20);

    @AfterAll
    static void leaveNothingBehind() {
        SHOP.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create: remembered",
                "create: data copied",
                "create: data complete",
                "create: started",
                "create: roles complete"
            })
    void aCreateThatWasCutShortIsRepeated(String point) throws Exception {
        var order = SHOP.creation(memberFor(point), "app");
        dieDuring(point, order);

        var up = Workshop.memberUp(SHOP.order(order));

        try (var connection = SHOP.sql(up.address().port())) {
            assertThat(Workshop.value(connection, "SELECT 1")).isEqualTo("1");
        }
        assertThat(SHOP.member(memberFor(point)).systemIdentifier())
                .contains(up.systemIdentifier());
        SHOP.destroy(memberFor(point));
    }

    @ParameterizedTest
    @ValueSource(strings = {"destroy: stopped", "destroy: data gone"})
    void aDestroyThatWasCutShortIsRepeated(String point) throws Exception {
        var member = memberFor(point);
        SHOP.create(member);
        var order = new Order.DestroyMember(new MemberId(member), 1);
        dieDuring(point, order);

        Workshop.succeeded(SHOP.order(order));

        assertThat(SHOP.memberHome(member)).doesNotExist();
        assertThat(Remains.of(SHOP.memberHome(member))).isEmpty();
        assertThat(SHOP.order(SHOP.creation(member, "app")).state())
                .isEqualTo(JobStatus.State.Refused);
    }

    @Test
    void aRestartThatWasCutShortIsFinishedByTheNextAgent() throws Exception {
        SHOP.create("app-r");
        dieDuring("restart: stopped", new Order.RestartMember(new MemberId("app-r"), 1));

        assertThat(Await.until(SOON, () -> SHOP.member("app-r").state() == State.Running)).isTrue();
        SHOP.destroy("app-r");
    }

    private static String memberFor(String point) {
        return point.replaceAll("[^a-z]+", "-");
    }

    private static void dieDuring(String point, Order order) throws InterruptedException {
        var death = new Dying(point);
        SHOP.restartAgent(death);
        SHOP.agent().put("dying " + point, Workshop.envelope(order, 1, 1), Duration.ZERO);
        death.awaitDeath();
        SHOP.restartAgent();
    }

    @Test
    void aNewAgentAdoptsWhatRuns() throws SQLException {
        var up = SHOP.create("app-a");
        try (var connection = SHOP.sql(up.address().port())) {

            SHOP.restartAgent();

            assertThat(Workshop.value(connection, "SELECT 1")).isEqualTo("1");
        }
        var status = SHOP.member("app-a");
        assertThat(status.state()).isEqualTo(State.Running);
        assertThat(status.restarts()).isZero();
        SHOP.destroy("app-a");
    }

    @Test
    void aKilledPostmasterComesBack() {
        SHOP.create("app-p");
        var postmaster = postmaster("app-p");

        Signal.KILL.to(postmaster);

        assertThat(Await.until(SOON, () -> SHOP.member("app-p").restarts() == 1)).isTrue();
        assertThat(SHOP.member("app-p").state()).isEqualTo(State.Running);
        assertThat(Processes.isAlive(postmaster)).isFalse();
        SHOP.destroy("app-p");
    }

    @Test
    void aKilledGuardLeavesNobodyBehind() throws SQLException {
        var up = SHOP.create("app-g");
        var guard = Processes.pidIn(SHOP.home.resolve("run/guard-app-g.pid")).orElseThrow();
        long busy;
        try (var connection = SHOP.sql(up.address().port())) {
            busy = Long.parseLong(Workshop.value(connection, "SELECT pg_backend_pid()"));
            var ignored = Thread.ofVirtual().start(() -> spin(connection));

            Signal.KILL.to(guard);

            assertThat(Await.until(SOON, () -> SHOP.member("app-g").restarts() == 1)).isTrue();
        }
        assertThat(Processes.isAlive(busy)).isFalse();
        assertThat(SHOP.member("app-g").state()).isEqualTo(State.Running);
        SHOP.destroy("app-g");
    }

    /** A backend that looks at no latch does not notice that its postmaster is gone. */
    private static void spin(Connection connection) {
        try {
            Workshop.run(connection, "DO $$ BEGIN LOOP END LOOP; END $$");
        } catch (SQLException killed) {
            assertThat(killed.getMessage()).isNotEmpty();
        }
    }

    private static long postmaster(String member) {
        try {
            var file = SHOP.memberHome(member).resolve("data/postmaster.pid");
            return Long.parseLong(Files.readAllLines(file).getFirst());
        } catch (IOException cause) {
            throw new AssertionError(cause);
        }
    }
}
