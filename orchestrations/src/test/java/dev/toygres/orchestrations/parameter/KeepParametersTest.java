package dev.toygres.orchestrations.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.orchestrations.House;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members that were away during a change have the agreed values by themselves (R5.39). */
class KeepParametersTest {
    private static final House HOUSE = new House("keep_parameters");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    @BeforeEach
    void twoReplicas() {
        HOUSE.clear();
        HOUSE.create("pg");
        for (String replica : List.of("pg-r1", "pg-r2")) {
            HOUSE.finish(HOUSE.replicas.add("pg", SetParametersTest.replica(replica)));
        }
        HOUSE.finish(
                HOUSE.parameters.set("pg", SetParametersTest.wish("max_worker_processes", "20")));
        HOUSE.finish(HOUSE.parameters.set("pg", SetParametersTest.wish("work_mem", "9MB")));
        look();
    }

    @Test
    void aReplicaThatWasAwayIsGivenWhatIsAgreedAndRestartedForIt() {
        HOUSE.agent.postgres.give("pg-r1", "max_worker_processes", "8");
        HOUSE.agent.postgres.give("pg-r1", "work_mem", "4MB");

        List<String> effects = look();

        assertThat(effects).containsExactly("restart pg-r1 for [max_worker_processes]");
        assertThat(HOUSE.agent.postgres.value("pg-r1", "work_mem")).contains("9216");
    }

    @Test
    void aPrimaryIsGivenThemWithoutARestart() {
        HOUSE.agent.postgres.give("pg-m1", "max_worker_processes", "8");
        HOUSE.agent.postgres.give("pg-m1", "work_mem", "4MB");

        List<String> effects = look();

        assertThat(effects).containsExactly("reload pg-m1");
        assertThat(HOUSE.agent.postgres.value("pg-m1", "work_mem")).contains("9216");
        assertThat(HOUSE.agent.postgres.value("pg-m1", "max_worker_processes")).contains("8");
    }

    @Test
    void whoDidNotComeUpWithThemIsLeftAlone() {
        HOUSE.agent.postgres.returnsTo("pg-r1", Map.of("work_mem", "4MB"), "it ended at once");

        assertThat(look()).isEmpty();
    }

    @Test
    void whoHasThemIsLeftAlone() {
        assertThat(look()).isEmpty();
    }

    private static List<String> look() {
        int before = HOUSE.agent.effects().size();
        boolean busy;
        do {
            HOUSE.clock.advance(Duration.ofMinutes(1));
            HOUSE.watch.look();
            var work = HOUSE.desk.get("pg").operation();
            work.ifPresent(HOUSE::finish);
            busy = work.isPresent();
        } while (busy);
        List<String> all = HOUSE.agent.effects();
        return all.subList(before, all.size());
    }
}
