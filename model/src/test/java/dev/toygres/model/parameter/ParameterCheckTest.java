package dev.toygres.model.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.Refused.FieldFault;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParameterCheckTest {

    /** R5.26, P55. */
    @Test
    void namesEveryFaultAtOnce() {
        ParameterCheck.Result result =
                ParameterCheck.of(
                        Map.of(
                                "wrk_mem", Optional.of("1MB"),
                                "wal_level", Optional.of("minimal"),
                                "wal_segment_size", Optional.of("1MB"),
                                "acme.level", Optional.of("1"),
                                "work_mem", Optional.of("1x"),
                                "primary_conninfo", Optional.of("x"),
                                "jit", Optional.of("no")),
                        Some.definitions());

        assertThat(result.faults())
                .extracting(FieldFault::field)
                .containsExactly(
                        "parameters.acme.level",
                        "parameters.primary_conninfo",
                        "parameters.wal_level",
                        "parameters.wal_segment_size",
                        "parameters.work_mem",
                        "parameters.wrk_mem");
        assertThat(result.faults())
                .extracting(FieldFault::message)
                .anyMatch(words -> words.contains("did you mean work_mem"))
                .anyMatch(words -> words.contains("shared_preload_libraries"))
                .anyMatch(words -> words.contains("toygres's own"));
        assertThat(result.values()).containsOnly(Map.entry("jit", Optional.of("off")));
    }

    @Test
    void keepsWhatPeopleWrite() {
        assertThat(
                        ParameterCheck.of(
                                        Map.of("shared_buffers", Optional.of("131072 kB")),
                                        Some.definitions())
                                .values())
                .containsOnly(Map.entry("shared_buffers", Optional.of("128MB")));
    }
}
