package dev.toygres.model.parameter;

import dev.toygres.model.Size;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The formulas of the profiles, each with its reason and where it comes from (R5.42-R5.46). */
public final class Profiles {
    private static final String RESOURCES =
            "https://www.postgresql.org/docs/15/runtime-config-resource.html";
    private static final String PLANNER =
            "https://www.postgresql.org/docs/15/runtime-config-query.html";
    private static final String WAL = "https://www.postgresql.org/docs/15/runtime-config-wal.html";
    private static final String TUNING =
            "https://wiki.postgresql.org/wiki/Tuning_Your_PostgreSQL_Server";

    /**
     * One value of a profile.
     *
     * @param why the formula, and the reason for it
     * @param source where it is from
     */
    public record Formula(String name, String value, String why, String source) {}

    /** What a kind of work needs, in proportions of the member's memory. */
    private record Shape(
            int buffersDivisor,
            int connections,
            double sortShare,
            int upkeepDivisor,
            int walTimes) {}

    private Profiles() {}

    /** What a profile says to each of its values: the formula, the reason and where it is from. */
    public static Map<String, String> reasons(ProfileChoice choice, Size member) {
        Map<String, String> reasons = new LinkedHashMap<>();
        formulas(choice, member)
                .forEach(
                        one ->
                                reasons.put(
                                        one.name(), "%s (%s)".formatted(one.why(), one.source())));
        return reasons;
    }

    /** By name; the last word of a profile on each. */
    public static Map<String, String> settings(ProfileChoice choice, Size member) {
        Map<String, String> settings = new LinkedHashMap<>();
        formulas(choice, member).forEach(one -> settings.put(one.name(), one.value()));
        return settings;
    }

    /** Memory from the size, parallel work from the cores, WAL room from the disk. */
    public static List<Formula> formulas(ProfileChoice choice, Size member) {
        int memory = choice.fixedSize().orElse(member).memoryMegabytes();
        return switch (choice.profile()) {
            case Custom -> List.of();
            case Oltp -> oltp(choice, memory);
            case Analytics -> analytics(choice, memory);
            case GeneralPurpose ->
                    common(choice, memory, new Shape(4, connections(memory, 10, 300), 0.25, 16, 2));
            case Development -> development(memory);
        };
    }

    private static List<Formula> oltp(ProfileChoice choice, int memory) {
        var all = common(choice, memory, new Shape(4, connections(memory, 8, 500), 0.25, 16, 2));
        all.add(
                new Formula(
                        "max_parallel_workers_per_gather",
                        "0",
                        "short queries gain nothing from workers that must be started first",
                        PLANNER));
        all.add(
                new Formula(
                        "autovacuum_vacuum_scale_factor",
                        "0.05",
                        "frequent small vacuums instead of rare large ones: many updates leave many"
                                + " dead rows",
                        "https://www.postgresql.org/docs/15/runtime-config-autovacuum.html"));
        return all;
    }

    private static List<Formula> analytics(ProfileChoice choice, int memory) {
        var all = common(choice, memory, new Shape(4, connections(memory, 32, 100), 0.4, 10, 4));
        int perQuery = Math.clamp(choice.cores() / 2, 1, 8);
        all.add(
                new Formula(
                        "max_parallel_workers_per_gather",
                        String.valueOf(perQuery),
                        "half of the cores for one query, from 1 to 8: few queries run at once",
                        RESOURCES));
        all.add(
                new Formula(
                        "default_statistics_target",
                        "500",
                        "better estimates pay in queries that run long; analyze takes longer",
                        PLANNER));
        all.add(
                new Formula(
                        "jit",
                        "on",
                        "compiling pays in queries that run long",
                        "https://www.postgresql.org/docs/15/jit-decision.html"));
        return all;
    }

    private static List<Formula> development(int memory) {
        int connections = 20;
        return new ArrayList<>(
                List.of(
                        new Formula(
                                "shared_buffers",
                                Math.clamp(memory / 16, 16, 128) + "MB",
                                "memory/16, from 16MB to 128MB: leaves the machine to its owner",
                                RESOURCES),
                        new Formula(
                                "effective_cache_size",
                                memory / 4 + "MB",
                                "memory/4: little is promised to the planner",
                                PLANNER),
                        new Formula(
                                "max_connections",
                                String.valueOf(connections),
                                "one developer and his tools",
                                RESOURCES),
                        new Formula("work_mem", "4096kB", "the default of Postgres", RESOURCES),
                        new Formula(
                                "maintenance_work_mem",
                                "16MB",
                                "small, because three autovacuum workers may each use it",
                                RESOURCES),
                        new Formula("max_wal_size", "256MB", "a small disk; more checkpoints", WAL),
                        new Formula("min_wal_size", "64MB", "likewise", WAL),
                        new Formula(
                                "max_parallel_workers_per_gather",
                                "0",
                                "no background work beside the developer's own",
                                RESOURCES),
                        new Formula(
                                "jit", "off", "small queries are not worth compiling", PLANNER)));
    }

    private static List<Formula> common(ProfileChoice choice, int memory, Shape shape) {
        long disk = Math.max(1024, choice.diskMegabytes());
        int most = (int) Math.max(512, Math.min(disk / 10, 32 * 1024));
        int wal = Math.clamp((long) memory * shape.walTimes(), 512, most);
        int sort = (int) Math.max(1024, memory * 1024L * shape.sortShare() / shape.connections());
        return new ArrayList<>(
                List.of(
                        new Formula(
                                "shared_buffers",
                                memory / shape.buffersDivisor() + "MB",
                                "memory/%d: the manual's beginning; the rest caches as files"
                                        .formatted(shape.buffersDivisor()),
                                RESOURCES),
                        new Formula(
                                "effective_cache_size",
                                memory * 3 / 4 + "MB",
                                "memory x 3/4: buffers and the file cache of the system together",
                                TUNING),
                        new Formula(
                                "max_connections",
                                String.valueOf(shape.connections()),
                                "by memory, so that work_mem stays useful; more clients go through"
                                        + " the pooled endpoint",
                                TUNING),
                        new Formula(
                                "work_mem",
                                sort + "kB",
                                "memory x %s / max_connections: all of them may sort at once"
                                        .formatted(Numbers.plain(shape.sortShare())),
                                RESOURCES),
                        new Formula(
                                "maintenance_work_mem",
                                Math.clamp(memory / shape.upkeepDivisor(), 16, 2048) + "MB",
                                "memory/%d, at most 2GB: three autovacuum workers may each use it"
                                        .formatted(shape.upkeepDivisor()),
                                RESOURCES),
                        new Formula(
                                "max_wal_size",
                                wal + "MB",
                                "memory x %d, at most a tenth of the disk and 32GB: fewer checkpoints"
                                        .formatted(shape.walTimes()),
                                WAL),
                        new Formula(
                                "min_wal_size",
                                Math.clamp(wal / 4, 80, 2048) + "MB",
                                "max_wal_size/4: recycled instead of made anew",
                                WAL),
                        new Formula(
                                "checkpoint_completion_target",
                                "0.9",
                                "checkpoints are spread out",
                                WAL),
                        new Formula(
                                "max_parallel_workers",
                                String.valueOf(Math.clamp(choice.cores(), 2, 64)),
                                "one for each core",
                                RESOURCES),
                        new Formula(
                                "max_worker_processes",
                                String.valueOf(Math.clamp(choice.cores() + 4L, 8, 72)),
                                "the parallel workers and four for extensions, at least 8",
                                RESOURCES),
                        new Formula(
                                "random_page_cost",
                                "1.1",
                                "for solid state disks, where a random read costs hardly more",
                                PLANNER)));
    }

    private static int connections(int memory, int divisor, int most) {
        return Math.clamp(memory / divisor, 30, most);
    }
}
