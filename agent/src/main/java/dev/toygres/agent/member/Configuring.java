package dev.toygres.agent.member;

import dev.toygres.agent.member.Memory.Role;
import dev.toygres.agent.process.Await;
import dev.toygres.agentapi.Order.ConfigureMember;
import dev.toygres.agentapi.OrderResult.Configured;
import dev.toygres.model.parameter.MemberSettings;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Puts settings into force and sees that they are: a fresh session is asked. What Postgres refuses,
 * or does not come up with, is taken back.
 */
final class Configuring {
    private static final String LOADED = "SELECT pg_conf_load_time()::text";

    private final Member member;
    private final ConfigureMember order;
    private final Duration limit;
    private final Map<String, String> former;

    private Configuring(Member member, ConfigureMember order, Duration limit) {
        this.limit = limit;
        this.member = member;
        this.order = order;
        this.former = member.requireReady().settings();
    }

    static Configured of(Member member, Ground ground, ConfigureMember order) {
        member.checkSettings(order.settings());
        if (order.restart() && member.known().is(Role.Standby)) {
            awaitDemands(member, ground, order.settings());
        }
        return new Configuring(member, order, ground.limits().settings()).apply();
    }

    /**
     * Restarted with less than its primary had when it wrote the WAL, a standby does not come up:
     * its primary has less now, and the WAL that says so must have been replayed. See <a
     * href="https://www.postgresql.org/docs/15/hot-standby.html">Hot standby</a>.
     */
    private static void awaitDemands(Member member, Ground ground, Map<String, String> settings) {
        var bin = ground.installations().bin(member.requireReady().postgresMajor());
        var last = new AtomicReference<>(List.<String>of());
        var met =
                Await.until(
                        ground.limits().settings(),
                        () -> {
                            var demands =
                                    ControlData.demands(member.home.data(), bin, ground.tools());
                            last.set(unmet(demands, settings));
                            return last.get().isEmpty();
                        });
        if (!met) {
            throw new OrderFailed(
                    "%s would not come up: its primary had %s when it wrote what it has replayed"
                            .formatted(member.id, last.get()));
        }
    }

    private static List<String> unmet(Map<String, Long> demands, Map<String, String> settings) {
        return demands.entrySet().stream()
                .filter(one -> MemberSettings.hotStandby(settings, one.getKey()) < one.getValue())
                .map(one -> one.getKey() + " " + one.getValue())
                .sorted()
                .toList();
    }

    private Configured apply() {
        if (onlyWaitsForRestart()) {
            return restart();
        }
        var adopted = member.known().with(order.settings()).inTerm(order.term());
        if (!member.postgres().isReady()) {
            member.remember(adopted);
            return new Configured(false, 0, List.of());
        }
        order.undrift().forEach(this::takeBack);
        member.remember(adopted);
        member.reached("configure: remembered");
        var pending = reload();
        // What it did not come up with is not wanted any more.
        member.lastGood().forget();
        if (!order.restart() || pending.stream().noneMatch(this::isOurs)) {
            return new Configured(false, 0, pending);
        }
        return restart();
    }

    /** Read already, by an order before this one: no client has to wait for that again. */
    private boolean onlyWaitsForRestart() {
        return order.restart()
                && former.equals(order.settings())
                && member.postgres().isReady()
                && !superuser(Configuring::pending).isEmpty();
    }

    /** What ALTER SYSTEM set, of which the name alone counts. */
    private void takeBack(String name) {
        var ignored = superuser(one -> one.execute("ALTER SYSTEM RESET " + identifier(name)));
    }

    private static String identifier(String name) {
        if (!name.matches("[a-zA-Z_][a-zA-Z0-9_$.]*")) {
            throw new OrderFailed("not the name of a Postgres setting: " + name);
        }
        return name;
    }

    /** Answers what waits for a restart. */
    private List<String> reload() {
        var before = superuser(one -> text(one, LOADED));
        member.reload();
        var read =
                Await.until(
                        limit,
                        () ->
                                !superuser(one -> text(one, LOADED)).equals(before)
                                        || superuser(this::fault).isPresent());
        var fault = read ? superuser(this::fault) : Optional.of("it did not read them");
        if (fault.isPresent()) {
            member.remember(member.known().with(former));
            member.reload();
            throw new OrderFailed(
                    "Postgres of %s refuses the settings, the former ones are in force: %s"
                            .formatted(member.id, fault.get()));
        }
        return superuser(Configuring::pending);
    }

    private Configured restart() {
        var up = member.restart(order.term());
        member.lastGood()
                .returned()
                .ifPresent(
                        words -> {
                            throw new OrderFailed(
                                    "%s did not come up with the new settings, and has the former ones"
                                                    .formatted(member.id)
                                            + " again: "
                                            + words);
                        });
        var late = superuser(Configuring::pending);
        if (!late.isEmpty()) {
            member.remember(member.known().with(former));
            member.reload();
            throw new OrderFailed(late + " are not in force after a restart of " + member.id);
        }
        return new Configured(true, up.interruptionMs(), List.of());
    }

    private static List<String> pending(Statement statement) throws SQLException {
        List<String> names = new ArrayList<>();
        try (var rows =
                statement.executeQuery(
                        "SELECT name FROM pg_settings WHERE pending_restart ORDER BY name")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /**
     * Of the first line of ours that is not in force, and does not only wait for a restart. A line
     * of a later file that wins is somebody's ALTER SYSTEM.
     */
    private Optional<String> fault(Statement statement) throws SQLException {
        var query =
                """
                SELECT f.name, f.setting, f.error FROM pg_file_settings f
                LEFT JOIN pg_settings s ON lower(s.name) = lower(f.name)
                WHERE f.sourcefile LIKE '%/conf/toygres.conf' AND NOT f.applied
                    AND NOT coalesce(s.pending_restart, false)
                    AND NOT (f.error = 'setting could not be applied' AND s.context = 'postmaster')
                ORDER BY f.error IS NULL, f.seqno LIMIT 1
                """;
        try (var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                var error = Optional.ofNullable(rows.getString(3));
                if (error.isPresent() || isNew(rows.getString(1))) {
                    return Optional.of(
                            "%s = '%s': %s"
                                    .formatted(rows.getString(1), rows.getString(2), words(error)));
                }
            }
            return Optional.empty();
        }
    }

    /** Not what waits because somebody wished that. */
    private boolean isOurs(String name) {
        return isNew(name) || order.undrift().contains(name);
    }

    private boolean isNew(String name) {
        return !Objects.equals(former.get(name), order.settings().get(name));
    }

    private String words(Optional<String> error) {
        return error.map(words -> words + member.postgres().lastWords())
                .orElse("ALTER SYSTEM on this member has set another value, and that wins");
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private <T> T superuser(Sql.Work<T> work) {
        return member.sql().asSuperuser(limit, "the settings of " + member.id, work);
    }
}
