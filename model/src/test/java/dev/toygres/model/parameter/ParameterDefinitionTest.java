package dev.toygres.model.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.parameter.ParameterDefinition.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R5.27: values in any unit that Postgres accepts; the expectations are what Postgres 15 says. */
class ParameterDefinitionTest {

    @ParameterizedTest
    @CsvSource({
        "shared_buffers, 128MB, 16384, 128MB",
        "shared_buffers, 16384, 16384, 128MB",
        "shared_buffers, 4GB, 524288, 4GB",
        "shared_buffers, 0.5GB, 65536, 512MB",
        "shared_buffers, ' 1 TB ', 134217728, 1TB",
        "shared_buffers, 100kB, 12, 96kB",
        "work_mem, 0x1000, 4096, 4MB",
        "work_mem, 010000, 4096, 4MB",
        "work_mem, 1e3, 1000, 1000kB",
        "work_mem, 1.5MB, 1536, 1536kB",
        "work_mem, 30.1MB, 30822, 30822kB",
        "checkpoint_timeout, 1.5 h, 5400, 90min",
        "checkpoint_timeout, 1d, 86400, 1d",
        "checkpoint_timeout, 90min, 5400, 90min",
        "checkpoint_timeout, 1500ms, 2, 2s",
        "statement_timeout, 2s, 2000, 2s",
        "statement_timeout, 100us, 0, 0",
        "max_slot_wal_keep_size, -1, -1, -1",
        "random_page_cost, 1.1, 1.1, 1.1",
        "random_page_cost, 1e-2, 0.01, 0.01",
        "jit, of, off, off",
        "jit, tr, on, on",
        "jit, 0, off, off",
        "synchronous_commit, REMOTE_apply, remote_apply, remote_apply",
        "synchronous_commit, true, on, on"
    })
    void readsWhatPostgresReadsAndShowsItAsPeopleWriteIt(
            String name, String text, String base, String shown) {
        ParameterDefinition definition = definition(name);

        assertThat(definition.read(text)).isEqualTo(new Reading.Value(base));
        assertThat(definition.shown(base)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "work_mem, 64mb, kB",
        "work_mem, 64 MBit, unknown unit",
        "work_mem, 1h, unknown unit",
        "work_mem, much, not a number",
        "work_mem, 99999999999, out of range",
        "max_connections, 5GB, plain number",
        "jit, o, on or off",
        "jit, maybe, on or off",
        "synchronous_commit, later, remote_write",
        "random_page_cost, 0x10, not a number"
    })
    void saysWhatIsWrongAndWhatIsAllowed(String name, String text, String words) {
        assertThat(definition(name).read(text))
                .isInstanceOfSatisfying(
                        Reading.Fault.class,
                        fault -> assertThat(fault.words()).contains(words).contains("allowed"));
    }

    @Test
    void aTextHasNoControlCharacters() {
        assertThat(definition("wal_level").read("one\ntwo")).isInstanceOf(Reading.Fault.class);
    }

    private static ParameterDefinition definition(String name) {
        ParameterDefinition found = Some.definitions().get(name);
        assertThat(found).isNotNull();
        return java.util.Objects.requireNonNull(found);
    }
}
