package dev.toygres.model.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.parameter.Combinations.Finding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** R6.5. */
class CombinationsTest {
    private static List<Finding> of(Map<String, String> values) {
        return Combinations.of(
                Some.definitions(),
                values,
                new Combinations.Member("db1-m1", 8 * 1024, 16 * 1024, 2, true));
    }

    private static List<String> refused(Map<String, String> values) {
        return of(values).stream().filter(Finding::refuses).map(Finding::words).toList();
    }

    private static List<String> warned(Map<String, String> values) {
        return of(values).stream().filter(one -> !one.refuses()).map(Finding::words).toList();
    }

    @Test
    void theDefaultsAreFine() {
        assertThat(of(Map.of())).isEmpty();
    }

    @Test
    void refusesMoreBuffersThanTheMemberHas() {
        assertThat(refused(Map.of("shared_buffers", "20GB")))
                .containsExactly("shared_buffers 20GB on a member with 8192MB of memory (db1-m1)");
    }

    @Test
    void warnsWithTheWholeSumWhenAllCouldSortAtOnce() {
        assertThat(warned(Map.of("work_mem", "128MB", "max_connections", "100")))
                .singleElement()
                .asString()
                .contains("100 connections x work_mem 128MB")
                .contains("= 12.8GB")
                .contains("8192MB");
    }

    @Test
    void warnsOfHashesWhereTheyMayTakeMoreThanByDefault() {
        Map<String, String> sorts = Map.of("work_mem", "16MB", "max_connections", "100");
        assertThat(warned(sorts)).isEmpty();

        var hashes = new java.util.HashMap<>(sorts);
        hashes.put("hash_mem_multiplier", "8");
        assertThat(warned(hashes)).singleElement().asString().contains("8.0", "12.5GB", "8192MB");
    }

    @Test
    void refusesWhatIsFarBeyondTheMachine() {
        assertThat(refused(Map.of("work_mem", "1GB")))
                .singleElement()
                .asString()
                .contains("more than twice what the whole host");
    }

    @Test
    void refusesWhatPostgresWouldNotStartWith() {
        assertThat(refused(Map.of("max_connections", "3", "max_wal_senders", "10")))
                .singleElement()
                .asString()
                .contains("leave none for clients");
        assertThat(refused(Map.of("min_wal_size", "16MB")))
                .singleElement()
                .asString()
                .contains("two WAL segments");
        assertThat(refused(Map.of("max_connections", "262140", "work_mem", "64kB")))
                .anyMatch(words -> words.contains("must be below 262143"));
    }

    @Test
    void keepsRoomForReplicasAndTheAgent() {
        assertThat(
                        refused(
                                Map.of(
                                        "max_wal_senders", "2",
                                        "max_replication_slots", "2",
                                        "superuser_reserved_connections", "0")))
                .hasSize(3);
    }

    @Test
    void warnsOfCommitsThatDoNotLast() {
        assertThat(warned(Map.of("synchronous_commit", "off"))).hasSize(1);
        assertThat(warned(Map.of("synchronous_commit", "local"))).hasSize(1);
    }
}
