package dev.toygres.agent.member;

import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.Processes;
import dev.toygres.agentapi.BackupOrder.RestoreMember;
import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.model.parameter.MemberSettings;
import java.nio.file.Files;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Replays WAL from an archive up to a target, and promotes. */
final class Replay {
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration SESSION = Duration.ofSeconds(60);
    private static final int LOG_LINES = 400;
    private static final String NOTHING_TO_FETCH =
            "# Written by the toygres agent: nothing is fetched from anywhere.\nexit 1\n";
    private static final String ENDED_BEFORE =
            "recovery ended before configured recovery target was reached";
    private static final Pattern SEGMENT = Pattern.compile("recovering ([0-9A-F]{24})");
    private static final Pattern DONE = Pattern.compile("redo done at ([0-9A-F]+/[0-9A-F]+)");
    private static final Pattern LAST =
            Pattern.compile("last completed transaction was at log time (\\S+ \\S+?)\\+00");
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss[.SSSSSS][.SSSSS][.SSSS][.SSS][.SS][.S]", Locale.ROOT);
    private static final DateTimeFormatter TARGET_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSxxx", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Member member;
    private final Ground ground;

    Replay(Member member, Ground ground) {
        this.member = member;
        this.ground = ground;
    }

    /**
     * @param at by the clock of this process
     */
    record End(int timeline, String lsn, Optional<Instant> lastTransactionAt, long at) {}

    /**
     * From an archive, up to a target. A time is reached for Postgres only where a commit after it
     * follows. Where none does, what was there at that time is what there was at the end of the WAL
     * that it saw: that the archive covers the time is known to whoever gave the order.
     */
    End run(RestoreMember order, Progress progress) {
        try {
            return run(order, order.target(), progress);
        } catch (OrderFailed failure) {
            if (!String.valueOf(failure.getMessage()).contains(ENDED_BEFORE)) {
                throw failure;
            }
            return switch (order.target()) {
                case RecoveryTarget.Time _ -> endOfWhatItSaw(order, failure, progress);
                case RecoveryTarget.Transaction(var xid, _) -> throw notFound(xid, failure);
                case RecoveryTarget.BackupEnd _,
                        RecoveryTarget.Latest _,
                        RecoveryTarget.Position _,
                        RecoveryTarget.Name _ ->
                        throw failure;
            };
        }
    }

    private End endOfWhatItSaw(RestoreMember order, OrderFailed failure, Progress progress) {
        var seen = last(LogTail.of(member.log(), LOG_LINES), DONE).orElseThrow(() -> failure);
        return run(order, new RecoveryTarget.Position(seen, true), progress);
    }

    /** One that neither committed nor rolled back leaves no record, and one that only read. */
    private OrderFailed notFound(long xid, OrderFailed failure) {
        var end =
                last(LogTail.of(member.log(), LOG_LINES), LAST)
                        .map(at -> ", the last of which ended at " + at + " UTC")
                        .orElse("");
        return new OrderFailed(
                "transaction %d was not found: no end of it is among what is archived after the backup%s; it never ended, never was, or ended later"
                        .formatted(xid, end),
                failure);
    }

    private End run(RestoreMember order, RecoveryTarget target, Progress progress) {
        return run(script(), settings(order.timeline(), target), progress);
    }

    /**
     * What the data itself has, and then the next timeline whose number is not taken in its {@code
     * pg_wal}: no archive is asked, it may be what is broken.
     */
    End ontoNextTimeline(Progress progress) {
        var settings = new LinkedHashMap<>(always());
        settings.put("recovery_target_timeline", "current");
        return run(NOTHING_TO_FETCH, settings, progress);
    }

    private End run(String script, Map<String, String> settings, Progress progress) {
        var home = member.home;
        home.make(ground.user());
        ground.user().file(home.recoverySignal(), "");
        ground.user().file(home.fetchScript(), script);
        member.writeAccess();
        member.writeSettings(demanded(), settings);
        var from = sizeOfLog();
        member.postgres().begin(ground.installations().bin(member.known().postgresMajor()));
        member.noteGuard();
        ground.crash().reached("restore: replaying");
        await(progress);
        return end(from);
    }

    /**
     * The engine's 1 means: not archived. Anything else must not: Postgres would take it for the
     * end of WAL, and promote without what it could not reach.
     */
    private String script() {
        var command = Archiving.shell(ground.engine().fetchCommand(member.archiving().place()));
        return """
        # Written by the toygres agent: fetches one WAL file.
        for attempt in 1 2 3; do
            %s "$1" "$2"
            code=$?
            if [ $code -le 1 ]; then exit $code; fi
            sleep 1
        done
        echo "toygres: the archive cannot be read: recovery must not end here" >&2
        exit 200
        """
                .formatted(command);
    }

    /**
     * Nobody reads before the end: so that no setting must be as high as it was in the archive's
     * primary, and so that WAL which raises one does not stop the replay.
     */
    private Map<String, String> always() {
        return Map.of(
                "archive_mode", "off",
                "hot_standby", "off",
                "restore_command", Archiving.command(member.home.fetchScript()) + " %f %p",
                "recovery_target_action", "promote");
    }

    private Map<String, String> settings(String timeline, RecoveryTarget goal) {
        var all = new LinkedHashMap<>(always());
        all.put("recovery_target_timeline", timeline);
        switch (goal) {
            case RecoveryTarget.BackupEnd _ -> all.put("recovery_target", "immediate");
            case RecoveryTarget.Latest _ -> {}
            case RecoveryTarget.Time(var at, var inclusive) ->
                    target(all, "recovery_target_time", TARGET_TIME.format(at), inclusive);
            case RecoveryTarget.Transaction(var xid, var inclusive) ->
                    target(
                            all,
                            "recovery_target_xid",
                            String.valueOf(xid & 0xFFFF_FFFFL),
                            inclusive);
            case RecoveryTarget.Position(var lsn, var inclusive) ->
                    target(all, "recovery_target_lsn", lsn, inclusive);
            case RecoveryTarget.Name(var name) -> all.put("recovery_target_name", name);
        }
        return all;
    }

    private static void target(
            Map<String, String> all, String name, String value, boolean inclusive) {
        all.put(name, value);
        all.put("recovery_target_inclusive", inclusive ? "on" : "off");
    }

    /**
     * What is agreed for the member, where the data does not demand more: prepared transactions
     * need their places back. It is down once more before it serves, with what is agreed if it
     * comes up with that.
     */
    Map<String, String> demanded() {
        var known = member.known();
        var bin = ground.installations().bin(known.postgresMajor());
        var settings = new LinkedHashMap<>(known.settings());
        ControlData.demands(member.home.data(), bin, ground.tools())
                .forEach(
                        (name, least) -> {
                            if (MemberSettings.hotStandby(settings, name) < least) {
                                settings.put(name, String.valueOf(least));
                            }
                        });
        return settings;
    }

    private void await(Progress progress) {
        var words = "";
        while (!member.postgres().isOpen()) {
            if (!member.postgres().isGuarded()) {
                throw new OrderFailed("the target was not reached: " + why());
            }
            var now = position();
            if (!now.equals(words)) {
                words = now;
                progress.report(0.8, "replays WAL " + now);
            }
            Await.pause(LOOK);
        }
    }

    private String why() {
        var fatal =
                LogTail.of(member.log(), 40).stream()
                        .filter(line -> line.contains("FATAL") || line.contains("toygres:"))
                        .map(line -> line.replaceFirst("^.*?(FATAL|toygres):", "").strip())
                        .distinct()
                        .collect(Collectors.joining("; "));
        return fatal.isEmpty()
                ? "Postgres is gone (%s)%s"
                        .formatted(member.postgres().lastEnd(), member.postgres().lastWords())
                : fatal;
    }

    /** From the title of the process that replays: it takes no questions. */
    private String position() {
        return Processes.holding(member.id + ": startup").stream()
                .flatMap(pid -> Processes.arguments(pid).stream())
                .map(SEGMENT::matcher)
                .filter(Matcher::find)
                .map(match -> match.group(1))
                .findFirst()
                .orElse("");
    }

    private int sizeOfLog() {
        return Files.exists(member.log()) ? LogTail.of(member.log(), LOG_LINES).size() : 0;
    }

    private End end(int from) {
        var log = LogTail.of(member.log(), LOG_LINES);
        var said = log.size() > from ? log.subList(from, log.size()) : log;
        return new End(
                member.sql().asSuperuser(SESSION, "not promoted", Replay::timeline),
                last(said, DONE).orElse("0/0"),
                last(said, LAST)
                        .map(text -> LocalDateTime.parse(text, LOG_TIME).toInstant(ZoneOffset.UTC)),
                System.nanoTime());
    }

    private static Optional<String> last(List<String> lines, Pattern pattern) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(match -> match.group(1))
                .reduce((_, last) -> last);
    }

    private static int timeline(Statement statement) throws SQLException {
        var query = "SELECT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int";
        try (var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
