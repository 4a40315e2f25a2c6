package dev.toygres.model.parameter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Definitions as Postgres 15 gives them, for tests. */
final class Some {
    private Some() {}

    static ParameterDefinition number(
            String name, ParameterCategory category, String byDefault, String unit) {
        return of(name, category, ParameterType.Integer, byDefault, unit, "-1", "2147483647");
    }

    static ParameterDefinition of(
            String name,
            ParameterCategory category,
            ParameterType type,
            String byDefault,
            String unit,
            String least,
            String most) {
        return new ParameterDefinition(
                name,
                category,
                type,
                Optional.of(unit).filter(one -> !one.isEmpty()),
                Optional.of(byDefault),
                Optional.of(least).filter(one -> !one.isEmpty()),
                Optional.of(most).filter(one -> !one.isEmpty()),
                List.of(),
                name,
                "Some");
    }

    static ParameterDefinition choice(String name, String byDefault, String... values) {
        return new ParameterDefinition(
                name,
                ParameterCategory.Dynamic,
                ParameterType.Enum,
                Optional.empty(),
                Optional.of(byDefault),
                Optional.empty(),
                Optional.empty(),
                List.of(values),
                name,
                "Some");
    }

    static Map<String, ParameterDefinition> definitions() {
        Map<String, ParameterDefinition> all = new LinkedHashMap<>();
        for (ParameterDefinition one :
                List.of(
                        number("max_connections", ParameterCategory.Restart, "100", ""),
                        number("max_worker_processes", ParameterCategory.Restart, "8", ""),
                        number("max_parallel_workers", ParameterCategory.Dynamic, "8", ""),
                        number("max_wal_senders", ParameterCategory.Restart, "10", ""),
                        number("max_replication_slots", ParameterCategory.Restart, "10", ""),
                        number(
                                "superuser_reserved_connections",
                                ParameterCategory.Restart,
                                "3",
                                ""),
                        number("autovacuum_max_workers", ParameterCategory.Restart, "3", ""),
                        number("autovacuum_work_mem", ParameterCategory.Reload, "-1", "kB"),
                        number("shared_buffers", ParameterCategory.Restart, "16384", "8kB"),
                        number("effective_cache_size", ParameterCategory.Dynamic, "524288", "8kB"),
                        number("hash_mem_multiplier", ParameterCategory.Dynamic, "2", ""),
                        number("work_mem", ParameterCategory.Dynamic, "4096", "kB"),
                        number("maintenance_work_mem", ParameterCategory.Dynamic, "65536", "kB"),
                        number("min_wal_size", ParameterCategory.Reload, "80", "MB"),
                        number("max_wal_size", ParameterCategory.Reload, "1024", "MB"),
                        number("max_slot_wal_keep_size", ParameterCategory.Reload, "4096", "MB"),
                        number("wal_segment_size", ParameterCategory.Immutable, "16777216", "B"),
                        number("checkpoint_timeout", ParameterCategory.Reload, "300", "s"),
                        number("statement_timeout", ParameterCategory.Dynamic, "0", "ms"),
                        choice(
                                "synchronous_commit",
                                "on",
                                "local",
                                "remote_write",
                                "remote_apply",
                                "on",
                                "off"),
                        of(
                                "jit",
                                ParameterCategory.Dynamic,
                                ParameterType.Boolean,
                                "on",
                                "",
                                "",
                                ""),
                        of(
                                "random_page_cost",
                                ParameterCategory.Dynamic,
                                ParameterType.Real,
                                "4",
                                "",
                                "0",
                                "1.79769e+308"),
                        of(
                                "wal_level",
                                ParameterCategory.Restart,
                                ParameterType.String,
                                "replica",
                                "",
                                "",
                                ""))) {
            all.put(one.name(), one);
        }
        return all;
    }
}
