package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agent.process.Processes;
import dev.toygres.agent.process.Signal;
import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.model.Lane;
import dev.toygres.model.MemberId;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an agent makes of a primary that ended while no agent was there (P48). */
@Tag("harness")
final class AwayTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Workshop SHOP = new Workshop();

    @AfterAll
    static void leaveNothingBehind() {
        SHOP.close();
    }

    /** As the whole house does with {@code down} and {@code up}. */
    @Test
    void aPlannedStopOfEverythingIsNotTakenForADeath() {
        SHOP.create("app-w");
        leaveDeadToTheServer("app-w");
        long guard = guard("app-w");

        SHOP.restartAgent(() -> ended(guard, Signal.TERM));

        Eventually.until(
                SOON,
                "it is back",
                () -> {
                    State state = SHOP.member("app-w").state();
                    assertThat(state).isNotEqualTo(State.Crashed);
                    return state == State.Running;
                });
        SHOP.destroy("app-w");
    }

    @Test
    void aDeathIsStillLeftToTheServer() {
        SHOP.create("app-d");
        leaveDeadToTheServer("app-d");
        var home = SHOP.memberHome("app-d");

        SHOP.restartAgent(() -> Remains.endAllBelow(home));

        assertThat(SHOP.member("app-d").state()).isEqualTo(State.Crashed);
        Eventually.until(
                SOON,
                "its death is told",
                () -> SHOP.member("app-d").vitals().orElseThrow().downForMs() > 0);
        assertThat(Remains.of(home)).isEmpty();
        SHOP.destroy("app-d");
    }

    /** For longer than these tests take: a server may rather fail over. */
    private static void leaveDeadToTheServer(String member) {
        var order =
                new Order.WatchMember(
                        new MemberId(member),
                        1,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Optional.empty(),
                        false,
                        "app",
                        Duration.ofMinutes(10));
        Workshop.succeeded(
                SHOP.agent()
                        .put(
                                "watch/" + member,
                                new OrderEnvelope(member, Lane.monitor, 1, 1, order),
                                Workshop.WAIT));
    }

    private static long guard(String member) {
        try {
            Path file = SHOP.options().home().resolve("run/guard-" + member + ".pid");
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void ended(long pid, Signal signal) {
        signal.to(pid);
        Eventually.until(SOON, "pid " + pid + " is gone", () -> !Processes.isAlive(pid));
    }
}
