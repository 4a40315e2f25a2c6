package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.durable.testing.CrashHarness.Report;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.Play;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Loses the server before and after every journal write of a failover away from a host that is
 * dead, which rests on nothing but the expiry of a lease.
 *
 * <p>Expected wherever it happens: it ends as if nothing had happened, on that proof (S2-S5), after
 * the candidate has ceased to vouch (S4), and with one promotion, in the term after the old one
 * (S1). Nobody waits for the dead host.
 */
@Tag("scenario")
class LostHostCrashTest {
    private static final House HOUSE = new House("lost_host_crashes");
    private static final ThreeHosts HOSTS = new ThreeHosts(HOUSE);

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    @Test
    void aDeadHostIsReplacedOnceItsLeaseIsOverWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        new Play(HOUSE, List.of(LostHostCrashTest::die))
                                                .after(() -> HOSTS.prepare("Sync", "Async"))
                                                .onceOver(LostHostCrashTest::isProven))
                        .run();

        assertThat(report.writes())
                .hasSizeGreaterThan(12)
                .anyMatch(write -> write.contains("seize"))
                .anyMatch(write -> write.contains("await-expiry"))
                .anyMatch(write -> write.contains("promote-replica"))
                .anyMatch(write -> write.contains("leave-old-primary"));
    }

    /** Its Postgres with it, though nobody can know. */
    private static String die() {
        HOUSE.agent.die("pg-m1");
        HOSTS.loseForGood("pg-m1");
        return HOSTS.begun("AutomaticFailover");
    }

    private static void isProven() {
        assertThat(HOUSE.desk.get("pg").primary()).contains("pg-r1");
        assertThat(HOUSE.desk.get("pg").term()).isEqualTo(2);
        assertThat(HOUSE.agent.mostWritable()).as("S5").isEqualTo(1);
        assertThat(HOUSE.agent.effects()).doesNotContain("kill pg-m1");
        String failover = HOSTS.last("AutomaticFailover").orElseThrow().id();
        assertThat(HOUSE.failovers.get("pg", failover).proof())
                .get()
                .asString()
                .contains("pg-m1: its lease of term 1")
                .contains("no longer vouches");
    }
}
