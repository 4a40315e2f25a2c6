package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agent.process.Signal;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Parted;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** S7: nobody is promoted before commits wait for whom they have to, whatever it remembers. */
@Tag("harness")
final class GateInForceTest {
    private static final Fleet FLEET = new Fleet(2);
    private static final List<String> GATES = List.of("app-1");

    @BeforeAll
    static void create() {
        FLEET.createPrimary(1);
        FLEET.createReplica(2, 1);
    }

    @AfterAll
    static void leaveNothingBehind() {
        FLEET.close();
    }

    @Test
    void aListThatIsOnlyRememberedIsWaitedForByThePromotion() throws Exception {
        FLEET.term++;
        var checkpointer = checkpointer(2);
        Signal.STOP.to(checkpointer);
        CompletableFuture<JobStatus> promoted;
        try {
            var part = new Order.PartStandby(Fleet.id(2), FLEET.term, GATES);
            assertThat(FLEET.order(2, part, Parted.class).received())
                    .as("its word does not wait for that")
                    .isNotEmpty();
            FLEET.order(1, new Order.KillMember(Fleet.id(1), FLEET.term));
            var order = FLEET.promotion(2, GATES);
            promoted = CompletableFuture.supplyAsync(() -> FLEET.put(2, order));

            Eventually.pass(Duration.ofSeconds(3));

            assertThat(FLEET.ask(2, "SELECT pg_is_in_recovery()")).isEqualTo("t");
            assertThat(promoted).isNotDone();
        } finally {
            Signal.CONT.to(checkpointer);
        }
        Workshop.succeeded(promoted.join());
        assertThat(FLEET.ask(2, "SELECT pg_is_in_recovery()")).isEqualTo("f");
    }

    private static long checkpointer(int host) throws IOException {
        var pid = FLEET.memberHome(host).resolve("data/postmaster.pid");
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).getFirst()))
                .orElseThrow()
                .children()
                .map(ProcessHandle::pid)
                .filter(child -> title(child).contains("checkpointer"))
                .findFirst()
                .orElseThrow();
    }

    private static String title(long pid) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), "cmdline"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
