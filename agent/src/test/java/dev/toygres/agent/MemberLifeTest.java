package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.model.MemberId;
import dev.toygres.model.StopMode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("harness")
final class MemberLifeTest {
    private static final Workshop SHOP = new Workshop();

    @AfterAll
    static void leaveNothingBehind() {
        SHOP.close();
    }

    @Test
    void livesFromCreationToDestruction() throws SQLException {
        var cold = timed("create, cold template", () -> SHOP.create("app-1"));
        assertThat(SHOP.member("app-1").state()).isEqualTo(State.Running);
        assertThat(SHOP.create("app-1").systemIdentifier()).isEqualTo(cold.systemIdentifier());

        var other = timed("create, warm template", () -> SHOP.create("app-2"));
        assertThat(other.systemIdentifier()).isNotEqualTo(cold.systemIdentifier());
        for (int i = 3; i < 6; i++) {
            var name = "app-" + i;
            timed("create, warm template", () -> SHOP.create(name));
            timed("destroy", () -> destroyed(name));
        }

        timed("stop", () -> stopped("app-1"));
        assertThat(SHOP.member("app-1").state()).isEqualTo(State.Stopped);
        assertThat(Remains.of(SHOP.memberHome("app-1"))).isEmpty();
        timed("start", () -> SHOP.start("app-1"));
        for (int i = 0; i < 3; i++) {
            var up = timed("restart", () -> SHOP.restart("app-1"));
            System.out.println("interruption " + up.interruptionMs() + " ms");
        }
        try (var connection = SHOP.sql(cold.address().port())) {
            assertThat(
                            Workshop.value(
                                    connection,
                                    "SELECT system_identifier FROM pg_control_system()"))
                    .isEqualTo(cold.systemIdentifier());
            assertThat(SHOP.agent().sessions("app-1").idleInTransaction()).isZero();
            connection.setAutoCommit(false);
            Workshop.value(connection, "SELECT 'a secret'");
            var sessions = SHOP.agent().sessions("app-1");
            assertThat(sessions.clients()).isEqualTo(1);
            assertThat(sessions.idleInTransaction()).isEqualTo(1);
        }
        assertThat(SHOP.agent().health("app-1", Duration.ofSeconds(2)).words())
                .isEqualTo("healthy");
        assertThat(SHOP.agent().log("app-1", 1)).hasSize(1);

        timed("destroy", () -> destroyed("app-1"));
        assertThat(SHOP.memberHome("app-1")).doesNotExist();
        assertThat(Remains.of(SHOP.memberHome("app-1"))).isEmpty();
        assertThat(SHOP.order(SHOP.creation("app-1", "app")).state())
                .isEqualTo(JobStatus.State.Refused);
    }

    private static boolean destroyed(String member) {
        return SHOP.order(new Order.DestroyMember(new MemberId(member), 1)).state()
                == JobStatus.State.Succeeded;
    }

    private static boolean stopped(String member) {
        SHOP.stop(member, StopMode.Fast);
        return true;
    }

    private static <T> T timed(String what, Supplier<T> work) {
        var began = System.nanoTime();
        var result = work.get();
        System.out.println(what + ": " + (System.nanoTime() - began) / 1_000_000 + " ms");
        return result;
    }
}
