package dev.toygres.model.parameter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which values do not go together (R6.5, D13). All arithmetic in megabytes; the values are those of
 * one member after the change.
 */
public final class Combinations {
    private static final double MEGABYTE = 1024.0 * 1024;
    private static final int MOST_BACKENDS = 262_143;
    private static final int SEGMENTS = 2;

    private final Map<String, ParameterDefinition> definitions;
    private final Map<String, String> values;
    private final Member member;
    private final List<Finding> found = new ArrayList<>();

    private Combinations(
            Map<String, ParameterDefinition> definitions,
            Map<String, String> values,
            Member member) {
        this.definitions = definitions;
        this.values = values;
        this.member = member;
    }

    private static final double HASH_DEFAULT = 2;

    /**
     * What the values have to fit.
     *
     * @param memoryMegabytes by its size
     * @param machineMegabytes of its host; 0 when unknown
     * @param replicas of the instance
     * @param synchronous whether one of them gates commits
     */
    public record Member(
            String id,
            int memoryMegabytes,
            long machineMegabytes,
            int replicas,
            boolean synchronous) {}

    /** Refuses, or only warns; the parameters that it is about, the first one to be named. */
    public record Finding(boolean refuses, List<String> names, String words) {
        public Finding {
            names = List.copyOf(names);
        }
    }

    /**
     * @param values of all parameters that are set for the member; the rest has its default
     */
    public static List<Finding> of(
            Map<String, ParameterDefinition> definitions,
            Map<String, String> values,
            Member member) {
        var check = new Combinations(definitions, values, member);
        check.memory();
        check.connections();
        check.replication();
        check.wal();
        check.workers();
        check.durability();
        return List.copyOf(check.found);
    }

    private void memory() {
        double buffers = megabytes("shared_buffers");
        double connections = number("max_connections");
        double sort = megabytes("work_mem");
        double upkeep = megabytes("maintenance_work_mem");
        double vacuum = megabytes("autovacuum_work_mem");
        double workers = number("autovacuum_max_workers");
        double total =
                buffers
                        + connections * sort
                        + workers * (vacuum < 0 ? upkeep : Math.max(0, vacuum));
        List<String> names =
                List.of(
                        "shared_buffers",
                        "work_mem",
                        "max_connections",
                        "maintenance_work_mem",
                        "autovacuum_work_mem",
                        "autovacuum_max_workers");
        String sum =
                "shared_buffers %s + %d connections x work_mem %s + %d autovacuum workers x %s = %s"
                        .formatted(
                                size(buffers),
                                (long) connections,
                                size(sort),
                                (long) workers,
                                size(vacuum < 0 ? upkeep : vacuum),
                                size(total));
        if (buffers > member.memoryMegabytes()) {
            refuse(
                    List.of("shared_buffers"),
                    "shared_buffers %s on a member with %s of memory (%s)"
                            .formatted(size(buffers), size(member.memoryMegabytes()), member.id()));
        } else if (member.machineMegabytes() > 0 && total > 2.0 * member.machineMegabytes()) {
            refuse(
                    names,
                    "%s, more than twice what the whole host of %s has (%s)"
                            .formatted(sum, member.id(), size((double) member.machineMegabytes())));
        } else if (total > member.memoryMegabytes()) {
            warn(
                    names,
                    "%s, but %s has %s: if all sort at once, the kernel may kill Postgres"
                            .formatted(sum, member.id(), size(member.memoryMegabytes())));
        }
        hashes(buffers, connections * sort);
        if (megabytes("effective_cache_size") > member.memoryMegabytes()) {
            warn(
                    List.of("effective_cache_size"),
                    "effective_cache_size %s promises the planner more than the %s that %s has"
                            .formatted(
                                    size(megabytes("effective_cache_size")),
                                    size(member.memoryMegabytes()),
                                    member.id()));
        }
    }

    /**
     * Hashes may take that much more than sorts. Up to the default of Postgres nobody has asked for
     * it, and the sum above is what one reckons with.
     *
     * @see <a href="https://www.postgresql.org/docs/current/runtime-config-resource.html">Resource
     *     Consumption</a>
     */
    private void hashes(double buffers, double sorts) {
        double factor = number("hash_mem_multiplier");
        double total = buffers + sorts * factor;
        if (factor > HASH_DEFAULT && total > member.memoryMegabytes()) {
            warn(
                    List.of("hash_mem_multiplier", "work_mem", "max_connections"),
                    "with hash_mem_multiplier %s, hashes of all connections may take %s; %s has %s"
                            .formatted(
                                    factor,
                                    size(sorts * factor),
                                    member.id(),
                                    size(member.memoryMegabytes())));
        }
    }

    private void connections() {
        double reserved = number("superuser_reserved_connections") + number("reserved_connections");
        if (reserved >= number("max_connections")) {
            refuse(
                    List.of(
                            "superuser_reserved_connections",
                            "reserved_connections",
                            "max_connections"),
                    "%d reserved connections of max_connections %d leave none for clients: Postgres"
                                    .formatted((long) reserved, (long) number("max_connections"))
                            + " would not start");
        }
        if (number("superuser_reserved_connections") < 3) {
            refuse(
                    List.of("superuser_reserved_connections"),
                    "superuser_reserved_connections must be at least 3: the agent must get in when"
                            + " all connections are taken");
        }
    }

    private void replication() {
        int senders = member.replicas() + 3;
        if (number("max_wal_senders") < senders) {
            refuse(
                    List.of("max_wal_senders"),
                    "max_wal_senders must be at least %d: %d replicas, and 3 for copies and backups"
                            .formatted(senders, member.replicas()));
        }
        int slots = member.replicas() + 1;
        if (number("max_replication_slots") < slots) {
            refuse(
                    List.of("max_replication_slots"),
                    "max_replication_slots must be at least %d: one for each of %d replicas, and one"
                                    .formatted(slots, member.replicas())
                            + " for a copy");
        }
        if (number("max_slot_wal_keep_size") < 0) {
            warn(
                    List.of("max_slot_wal_keep_size"),
                    "max_slot_wal_keep_size -1: a replica that stays away fills the disk");
        }
    }

    private void wal() {
        double least = SEGMENTS * Math.max(1, bytes("wal_segment_size") / MEGABYTE);
        for (String name : List.of("min_wal_size", "max_wal_size")) {
            if (definitions.containsKey(name) && megabytes(name) < least) {
                refuse(
                        List.of(name),
                        "%s must be at least %s, two WAL segments: Postgres would not start"
                                .formatted(name, size(least)));
            }
        }
        if (megabytes("min_wal_size") > megabytes("max_wal_size")) {
            warn(
                    List.of("min_wal_size", "max_wal_size"),
                    "min_wal_size %s is more than max_wal_size %s"
                            .formatted(
                                    size(megabytes("min_wal_size")),
                                    size(megabytes("max_wal_size"))));
        }
    }

    private void workers() {
        double backends =
                number("max_connections")
                        + number("autovacuum_max_workers")
                        + 1
                        + number("max_worker_processes")
                        + number("max_wal_senders");
        if (backends >= MOST_BACKENDS) {
            refuse(
                    List.of(
                            "max_connections",
                            "autovacuum_max_workers",
                            "max_worker_processes",
                            "max_wal_senders"),
                    "max_connections, autovacuum_max_workers, max_worker_processes and"
                            + " max_wal_senders together must be below %d, are %d"
                                    .formatted(MOST_BACKENDS, (long) backends));
        }
        if (number("max_parallel_workers") > number("max_worker_processes")) {
            warn(
                    List.of("max_parallel_workers", "max_worker_processes"),
                    "max_parallel_workers %d has no effect beyond max_worker_processes %d"
                            .formatted(
                                    (long) number("max_parallel_workers"),
                                    (long) number("max_worker_processes")));
        }
    }

    private void durability() {
        String commit = text("synchronous_commit").orElse("on");
        if (commit.equals("off")) {
            warn(
                    List.of("synchronous_commit"),
                    "synchronous_commit off: a crash loses commits that were acknowledged");
        } else if (commit.equals("local") && member.synchronous()) {
            warn(
                    List.of("synchronous_commit"),
                    "synchronous_commit local: no commit waits for the sync replica; a failover may"
                            + " lose acknowledged ones");
        }
    }

    private void refuse(List<String> names, String words) {
        found.add(new Finding(true, names, words));
    }

    private void warn(List<String> names, String words) {
        found.add(new Finding(false, names, words));
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(definitions.get(name))
                .flatMap(
                        definition ->
                                Optional.ofNullable(values.get(name))
                                        .map(definition::base)
                                        .or(definition::defaultValue));
    }

    private double number(String name) {
        return text(name).map(Double::parseDouble).orElse(0.0);
    }

    private double bytes(String name) {
        double number = number(name);
        return number < 0
                ? number
                : Optional.ofNullable(definitions.get(name))
                                .flatMap(ParameterDefinition::unit)
                                .flatMap(Unit::of)
                                .map(Unit::size)
                                .orElse(1.0)
                        * number;
    }

    private double megabytes(String name) {
        double bytes = bytes(name);
        return bytes < 0 ? bytes : bytes / MEGABYTE;
    }

    private static String size(double megabytes) {
        double kilobytes = Math.rint(megabytes * 1024);
        if (kilobytes < 0) {
            return "unlimited";
        }
        if (kilobytes >= 10 * 1024 * 1024) {
            return Numbers.plain(Math.rint(kilobytes / 1024 / 1024 * 10) / 10) + "GB";
        }
        return kilobytes % 1024 == 0 || kilobytes > 100 * 1024
                ? (long) Math.rint(kilobytes / 1024) + "MB"
                : (long) kilobytes + "kB";
    }
}
