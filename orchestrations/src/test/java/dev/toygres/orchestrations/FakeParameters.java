package dev.toygres.orchestrations;

import dev.toygres.agentapi.Given;
import dev.toygres.agentapi.MemberParameters;
import dev.toygres.agentapi.MemberParameters.Drift;
import dev.toygres.agentapi.MemberParameters.Running;
import dev.toygres.agentapi.Order.ConfigureMember;
import dev.toygres.agentapi.Order.TrySettings;
import dev.toygres.agentapi.OrderResult;
import dev.toygres.agentapi.OrderResult.Configured;
import dev.toygres.agentapi.OrderResult.Tried;
import dev.toygres.model.parameter.MemberSettings;
import dev.toygres.model.parameter.ParameterCategory;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.ParameterType;
import dev.toygres.model.parameter.Planner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The parameters of the fake Postgres servers: what was given, and what of it is in force. */
public final class FakeParameters {
    public static final List<ParameterDefinition> DEFINITIONS =
            List.of(
                    number("max_connections", ParameterCategory.Restart, "100", ""),
                    number("max_worker_processes", ParameterCategory.Restart, "8", ""),
                    number("max_wal_senders", ParameterCategory.Restart, "10", ""),
                    number("max_replication_slots", ParameterCategory.Restart, "10", ""),
                    number("superuser_reserved_connections", ParameterCategory.Restart, "3", ""),
                    number("autovacuum_max_workers", ParameterCategory.Restart, "3", ""),
                    number("shared_buffers", ParameterCategory.Restart, "16384", "8kB"),
                    number("work_mem", ParameterCategory.Dynamic, "4096", "kB"),
                    number("maintenance_work_mem", ParameterCategory.Dynamic, "65536", "kB"),
                    number("checkpoint_timeout", ParameterCategory.Reload, "300", "s"),
                    other("TimeZone", ParameterType.String, "GMT"),
                    other("wal_compression", ParameterType.Enum, "off", "pglz", "on", "off"));

    private final Map<String, Map<String, String>> given = new TreeMap<>();
    private final Map<String, Map<String, String>> inForce = new TreeMap<>();
    private final Map<String, String> deaf = new TreeMap<>();
    private final Map<String, List<Drift>> drift = new TreeMap<>();
    private final Map<String, Refusal> refused = new TreeMap<>();

    private record Refusal(String digest, String words) {}

    private static ParameterDefinition number(
            String name, ParameterCategory category, String byDefault, String unit) {
        return new ParameterDefinition(
                name,
                category,
                ParameterType.Integer,
                Optional.of(unit).filter(one -> !one.isEmpty()),
                Optional.of(byDefault),
                Optional.of("1"),
                Optional.of("2147483647"),
                List.of(),
                name,
                "Fakes");
    }

    private static ParameterDefinition other(
            String name, ParameterType type, String byDefault, String... choices) {
        return new ParameterDefinition(
                name,
                ParameterCategory.Dynamic,
                type,
                Optional.empty(),
                Optional.of(byDefault),
                Optional.empty(),
                Optional.empty(),
                List.of(choices),
                name,
                "Fakes");
    }

    private static Map<String, ParameterDefinition> byName() {
        Map<String, ParameterDefinition> all = new TreeMap<>();
        DEFINITIONS.forEach(one -> all.put(one.name(), one));
        return all;
    }

    /** As a member has it that was away when these were agreed. */
    public void give(String memberId, String name, String value) {
        Map<String, String> settings = new TreeMap<>(given.getOrDefault(memberId, Map.of()));
        settings.put(name, value);
        given.put(memberId, settings);
        inForce.put(memberId, settings);
    }

    void start(String memberId, Map<String, String> settings) {
        refused.remove(memberId);
        given.put(memberId, settings);
        inForce.put(memberId, settings);
    }

    void restart(String memberId) {
        refused.remove(memberId);
        inForce.put(memberId, given.getOrDefault(memberId, Map.of()));
    }

    /** Somebody's ALTER SYSTEM. */
    public void alterSystem(String memberId, String name, String value) {
        drift.put(memberId, List.of(new Drift(name, value)));
    }

    OrderResult trial(TrySettings order, String memberId) {
        Map<String, String> shown = new TreeMap<>();
        Set<String> names = new TreeSet<>(given.getOrDefault(memberId, Map.of()).keySet());
        names.addAll(order.settings().keySet());
        names.addAll(order.undrift());
        names.forEach(
                name -> shown(order.settings(), name).ifPresent(value -> shown.put(name, value)));
        return new Tried(shown);
    }

    /**
     * @param primary of a standby, which does not come up with less than that has
     */
    OrderResult configure(
            ConfigureMember order,
            String memberId,
            Optional<String> primary,
            List<String> effects) {
        Map<String, String> before = given.getOrDefault(memberId, Map.of());
        given.put(memberId, order.settings());
        order.undrift().forEach(_ -> drift.remove(memberId));
        List<String> pending = pending(memberId);
        boolean again = before.equals(order.settings()) && !pending.isEmpty();
        boolean ours =
                pending.stream()
                        .anyMatch(
                                name ->
                                        !Objects.equals(
                                                before.get(name), order.settings().get(name)));
        if (order.restart() && (again || ours)) {
            primary.ifPresent(upstream -> requireAsMuch(memberId, upstream));
            restart(memberId);
            effects.add("restart " + memberId + " for " + pending);
            return new Configured(true, 42, List.of());
        }
        reload(memberId);
        if (!before.equals(order.settings())) {
            effects.add("reload " + memberId);
        }
        return new Configured(false, 0, pending);
    }

    private void requireAsMuch(String standby, String primary) {
        Map<String, String> wanted = inForce.getOrDefault(primary, Map.of());
        for (String name : MemberSettings.HOT_STANDBY) {
            if (MemberSettings.hotStandby(given.getOrDefault(standby, Map.of()), name)
                    < MemberSettings.hotStandby(wanted, name)) {
                throw new IllegalStateException(standby + " would not come up: too low " + name);
            }
        }
    }

    private List<String> pending(String memberId) {
        return Planner.differing(
                        byName(),
                        inForce.getOrDefault(memberId, Map.of()),
                        given.getOrDefault(memberId, Map.of()))
                .stream()
                .filter(name -> isRestart(name))
                .toList();
    }

    private static boolean isRestart(String name) {
        ParameterDefinition known = byName().get(name);
        return known != null && known.category() == ParameterCategory.Restart;
    }

    /** It does not notice what becomes of that one, however often it reads its settings. */
    public void deaf(String memberId, String name) {
        deaf.put(memberId, name);
    }

    private void reload(String memberId) {
        Map<String, String> next = new TreeMap<>(given.getOrDefault(memberId, Map.of()));
        next.remove(deaf.getOrDefault(memberId, ""));
        Map<String, String> old = inForce.getOrDefault(memberId, Map.of());
        next.keySet().removeIf(FakeParameters::isRestart);
        old.forEach(
                (name, value) -> {
                    if (isRestart(name)) {
                        next.put(name, value);
                    }
                });
        inForce.put(memberId, next);
    }

    Optional<Given> given(String memberId) {
        return Optional.ofNullable(given.get(memberId))
                .map(
                        settings ->
                                new Given(
                                        Given.digest(settings),
                                        Optional.ofNullable(refused.get(memberId))
                                                .map(Refusal::digest)));
    }

    /** It does not come up with what it was given last, and has these values again. */
    public void returnsTo(String memberId, Map<String, String> former, String words) {
        refused.put(
                memberId, new Refusal(Given.digest(given.getOrDefault(memberId, Map.of())), words));
        Map<String, String> settings = new TreeMap<>(given.getOrDefault(memberId, Map.of()));
        settings.putAll(former);
        given.put(memberId, settings);
        inForce.put(memberId, settings);
    }

    /** What a session sees. */
    public Optional<String> value(String memberId, String name) {
        return shown(inForce.getOrDefault(memberId, Map.of()), name);
    }

    /** As Postgres does: on is the method that it stands for. */
    private static Optional<String> shown(Map<String, String> settings, String name) {
        return Planner.effective(byName(), settings, name)
                .map(
                        value ->
                                name.equals("wal_compression") && value.equals("on")
                                        ? "pglz"
                                        : value);
    }

    MemberParameters of(String memberId) {
        List<String> pending = pending(memberId);
        List<Running> running = new ArrayList<>();
        DEFINITIONS.forEach(
                one ->
                        running.add(
                                new Running(
                                        one,
                                        value(memberId, one.name()),
                                        "configuration file",
                                        pending.contains(one.name()))));
        return new MemberParameters(
                running,
                given.getOrDefault(memberId, Map.of()),
                drift.getOrDefault(memberId, List.of()),
                Optional.ofNullable(refused.get(memberId)).map(Refusal::words));
    }
}
