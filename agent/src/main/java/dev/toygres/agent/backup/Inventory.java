package dev.toygres.agent.backup;

import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.BackupResult.Switch;
import dev.toygres.agentapi.BackupResult.WalRange;
import dev.toygres.model.Lsn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Understands what the engine tells of a repository. Pure. */
final class Inventory {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern SEGMENT =
            Pattern.compile(".*/([0-9A-F]{24})-[0-9a-f]{40}(\\.\\w+)?");

    /** Ours are never made with another size. */
    static final long SEGMENT_BYTES = 16L << 20;

    private static final long SEGMENTS_OF_A_LOG = (1L << 32) / SEGMENT_BYTES;

    private Inventory() {}

    /**
     * What {@code info} says; it ends with 0 whatever happened.
     *
     * @param trouble why nothing is known; empty also when there is nothing yet
     */
    record Info(List<PhysicalBackup> backups, Optional<String> trouble, Optional<String> system) {}

    static Info info(String output) {
        var stanzas = JSON.readTree(output);
        for (var stanza : stanzas) {
            if (stanza.path("name").asString().equals(Configuration.STANZA)) {
                return info(stanza);
            }
        }
        return new Info(List.of(), Optional.empty(), Optional.empty());
    }

    private static Info info(JsonNode stanza) {
        var systems = new HashMap<Integer, JsonNode>();
        stanza.path("db").forEach(db -> systems.put(db.path("id").asInt(), db));
        var backups = new ArrayList<PhysicalBackup>();
        for (var one : stanza.path("backup")) {
            var system = systems.get(one.path("database").path("id").asInt());
            backups.add(backup(one, system == null ? JSON.createObjectNode() : system));
        }
        return new Info(
                backups,
                trouble(stanza),
                systems.values().stream()
                        .map(db -> db.path("system-id").asString())
                        .reduce((_, last) -> last));
    }

    /** 0 good, 1 no such stanza, 2 no backup yet, 3 no stanza data; the rest is trouble. */
    private static Optional<String> trouble(JsonNode stanza) {
        if (stanza.path("status").path("code").asInt() <= 3) {
            return Optional.empty();
        }
        for (var repository : stanza.path("repo")) {
            var words = repository.path("status").path("message").asString();
            if (repository.path("status").path("code").asInt() > 3) {
                return Optional.of(printable(words));
            }
        }
        return Optional.of(stanza.path("status").path("message").asString());
    }

    /** With a wrong passphrase the engine quotes what it has decrypted. */
    private static String printable(String words) {
        if (words.contains("key/value found outside of section")
                || words.contains("FormatError")
                || words.contains("CryptoError")) {
            return "what is there cannot be decrypted: another passphrase, or it is damaged";
        }
        return words.lines().limit(3).reduce((one, two) -> one + " " + two).orElse("unknown");
    }

    private static PhysicalBackup backup(JsonNode one, JsonNode system) {
        var info = one.path("info");
        var firstWal = one.path("archive").path("start").asString();
        return new PhysicalBackup(
                one.path("label").asString(),
                one.path("type").asString().equals("full") ? Depth.Full : Depth.Incremental,
                Optional.of(one.path("prior").asString("")).filter(text -> !text.isEmpty()),
                texts(one.path("reference")),
                Instant.ofEpochSecond(one.path("timestamp").path("start").asLong()),
                Instant.ofEpochSecond(one.path("timestamp").path("stop").asLong()),
                one.path("lsn").path("start").asString(),
                one.path("lsn").path("stop").asString(),
                timeline(firstWal),
                firstWal,
                one.path("archive").path("stop").asString(),
                info.path("size").asLong(),
                info.path("delta").asLong(),
                info.path("repository").path("size").asLong(),
                info.path("repository").path("delta").asLong(),
                system.path("system-id").asString(""),
                (int) Double.parseDouble(system.path("version").asString("0")),
                "pgbackrest " + one.path("backrest").path("version").asString(),
                one.path("error").asBoolean(false),
                names(one.path("database-ref")),
                annotations(one.path("annotation")));
    }

    private static List<String> texts(JsonNode array) {
        var all = new ArrayList<String>();
        array.forEach(one -> all.add(one.asString()));
        return all;
    }

    private static List<String> names(JsonNode databases) {
        var all = new ArrayList<String>();
        databases.forEach(one -> all.add(one.path("name").asString()));
        return all;
    }

    private static Map<String, String> annotations(JsonNode object) {
        var all = new HashMap<String, String>();
        object.properties().forEach(one -> all.put(one.getKey(), one.getValue().asString()));
        return all;
    }

    static int timeline(String segment) {
        return Integer.parseInt(segment.substring(0, 8), 16);
    }

    /** On the same timeline. */
    static String next(String segment) {
        var number = number(segment) + 1;
        return "%s%08X%08X"
                .formatted(
                        segment.substring(0, 8),
                        number / SEGMENTS_OF_A_LOG,
                        number % SEGMENTS_OF_A_LOG);
    }

    private static long number(String segment) {
        return Long.parseLong(segment.substring(8, 16), 16) * SEGMENTS_OF_A_LOG
                + Long.parseLong(segment.substring(16), 16);
    }

    /** Ranges without a hole of what is archived, by timeline and position. */
    static List<WalRange> ranges(Iterable<String> files) {
        SortedSet<String> segments = new TreeSet<>();
        for (var file : files) {
            var match = SEGMENT.matcher("/" + file);
            if (match.matches()) {
                segments.add(match.group(1));
            }
        }
        var ranges = new ArrayList<WalRange>();
        var first = "";
        var last = "";
        for (var segment : segments) {
            if (!last.isEmpty() && !follows(last, segment)) {
                ranges.add(range(first, last));
                first = "";
            }
            first = first.isEmpty() ? segment : first;
            last = segment;
        }
        if (!last.isEmpty()) {
            ranges.add(range(first, last));
        }
        return ranges;
    }

    private static boolean follows(String one, String next) {
        return next.equals(next(one));
    }

    private static WalRange range(String first, String last) {
        return new WalRange(
                timeline(first),
                first,
                last,
                new Lsn(number(first) * SEGMENT_BYTES).toString(),
                new Lsn((number(last) + 1) * SEGMENT_BYTES).toString(),
                (int) (number(last) - number(first) + 1));
    }

    /** Lines of a history file: timeline, position, reason. */
    static List<Switch> history(String content) {
        return content.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> line.split("\\s+"))
                .filter(parts -> parts.length >= 2)
                .map(parts -> new Switch(Integer.parseInt(parts[0]), parts[1]))
                .toList();
    }
}
