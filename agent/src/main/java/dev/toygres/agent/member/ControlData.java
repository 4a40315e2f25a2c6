package dev.toygres.agent.member;

import dev.toygres.agent.process.Tools;
import dev.toygres.model.Lsn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the control file says of data that nobody works on. */
record ControlData(
        boolean cleanlyShutDown, Lsn checkpoint, int timeline, int blockBytes, long segmentBytes) {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** A layout that we do not know is left to the tool of its major. */
    static ControlData of(Path data, Path bin, Tools tools) {
        return ControlFile.read(data).orElseGet(() -> told(data, bin, tools));
    }

    /** By pg_controldata. */
    static ControlData told(Path data, Path bin, Tools tools) {
        var program = bin.resolve("pg_controldata").toString();
        return parse(tools.run(LIMIT, List.of(program, "-D", data.toString())));
    }

    /** Below these settings what is recorded here cannot be replayed by a standby. */
    static Map<String, Long> demands(Path data, Path bin, Tools tools) {
        var program = bin.resolve("pg_controldata").toString();
        var facts = facts(tools.run(LIMIT, List.of(program, "-D", data.toString())));
        return Map.of(
                "max_connections", demand(facts, "max_connections"),
                "max_worker_processes", demand(facts, "max_worker_processes"),
                "max_wal_senders", demand(facts, "max_wal_senders"),
                "max_prepared_transactions", demand(facts, "max_prepared_xacts"),
                "max_locks_per_transaction", demand(facts, "max_locks_per_xact"));
    }

    /**
     * The oldest transaction that was at work at the last checkpoint, by the lower half of its
     * number: whatever is older had ended by then.
     */
    static int oldestTransaction(Path data, Path bin, Tools tools) {
        var program = bin.resolve("pg_controldata").toString();
        return oldestTransaction(tools.run(LIMIT, List.of(program, "-D", data.toString())));
    }

    /** At a shutdown nobody is at work. */
    static int oldestTransaction(String words) {
        var facts = facts(words);
        var oldest = Integer.parseUnsignedInt(fact(facts, "Latest checkpoint's oldestActiveXID"));
        var next = fact(facts, "Latest checkpoint's NextXID").replaceFirst("^\\d+:", "");
        return oldest == 0 ? Integer.parseUnsignedInt(next) : oldest;
    }

    private static long demand(Map<String, String> facts, String name) {
        return Long.parseLong(fact(facts, name + " setting"));
    }

    private static Map<String, String> facts(String words) {
        var facts = new HashMap<String, String>();
        words.lines()
                .map(line -> line.split(":", 2))
                .filter(parts -> parts.length == 2)
                .forEach(parts -> facts.put(parts[0].strip(), parts[1].strip()));
        return facts;
    }

    static ControlData parse(String words) {
        var facts = facts(words);
        return new ControlData(
                fact(facts, "Database cluster state").equals("shut down"),
                Lsn.parse(fact(facts, "Latest checkpoint location")),
                Integer.parseInt(fact(facts, "Latest checkpoint's TimeLineID")),
                Integer.parseInt(fact(facts, "WAL block size")),
                Long.parseLong(fact(facts, "Bytes per WAL segment")));
    }

    private static String fact(Map<String, String> facts, String name) {
        var found = facts.get(name);
        if (found == null) {
            throw new OrderFailed("pg_controldata does not say '" + name + "'");
        }
        return found;
    }

    /** Name of the segment file that holds the position. */
    String segment(int ofTimeline, Lsn at) {
        var number = Long.divideUnsigned(at.value(), segmentBytes);
        var perLog = 0x1_0000_0000L / segmentBytes;
        return "%08X%08X%08X".formatted(ofTimeline, number / perLog, number % perLog);
    }

    /** Where a record ends that begins there: page headers lie between its pieces. */
    Lsn endOfRecord(Lsn start, long length) {
        var left = (length + 7) & ~7L;
        var at = start.value();
        for (; ; ) {
            var inPage = blockBytes - at % blockBytes;
            if (left <= inPage) {
                return new Lsn(at + left);
            }
            left -= inPage;
            at += inPage;
            at += at % segmentBytes == 0 ? 40 : 24;
        }
    }
}
