package dev.toygres.orchestrations.alert;

import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.durable.Operations;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.store.AlertStore;
import dev.toygres.store.Catalogue;
import dev.toygres.store.DutyStore;
import dev.toygres.store.HealthStore;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Raises an alert for what has been wrong for a while, and resolves it when it has been well for a
 * while. One server does so for all: two that see differently would raise and resolve in turns.
 */
public final class AlertWatch {
    private static final Duration DUTY = Duration.ofSeconds(10);

    /** What mends itself sooner wakes nobody. */
    private static final Duration BEFORE_RAISING = Duration.ofSeconds(5);

    private static final Duration BEFORE_RESOLVING = Duration.ofSeconds(5);
    private static final int PAGE = 200;

    private final Catalogue catalogue;
    private final Operations operations;
    private final Observations seen;
    private final InstantSource clock;
    private final UUID server = UUID.randomUUID();

    /** Since when something is other than the catalogue's alerts say. */
    private final Map<String, Instant> changedSince = new HashMap<>();

    public AlertWatch(
            Catalogue catalogue, Operations operations, Observations seen, InstantSource clock) {
        this.catalogue = catalogue;
        this.operations = operations;
        this.seen = seen;
        this.clock = clock;
    }

    /** One look, on what the watch over the hosts saw last. */
    public void look() {
        boolean ours =
                catalogue
                        .jdbi()
                        .withHandle(handle -> DutyStore.take(handle, "alerts", server, DUTY));
        if (!ours) {
            changedSince.clear();
            return;
        }
        catalogue.jdbi().useHandle(this::settle);
    }

    private void settle(Handle handle) {
        AlertStore.orphans(handle).forEach(key -> over(handle, key));
        overdueNoMore(handle).forEach(key -> over(handle, key));
        Map<String, AlertStore.Row> raised =
                AlertStore.unresolved(
                                handle, Conditions.KINDS.stream().map(AlertKind::name).toList())
                        .stream()
                        .collect(Collectors.toMap(AlertStore.Row::key, one -> one));
        Map<String, Alert> found =
                found(handle, raised.keySet()).stream()
                        .collect(Collectors.toMap(Alert::key, one -> one, (one, _) -> one));
        found.values().stream()
                .filter(one -> isNews(one, raised.get(one.key())))
                .filter(one -> hasLasted(one.key(), BEFORE_RAISING))
                .forEach(one -> handle.useTransaction(h -> Alarms.raise(h, one)));
        raised.keySet().stream()
                .filter(key -> !found.containsKey(key))
                .filter(key -> hasLasted(key, BEFORE_RESOLVING))
                .forEach(key -> over(handle, key));
        changedSince
                .keySet()
                .removeIf(
                        key ->
                                found.containsKey(key) == raised.containsKey(key)
                                        && !isNews(found.get(key), raised.get(key)));
    }

    private List<String> overdueNoMore(Handle handle) {
        return AlertStore.unresolved(handle, List.of(AlertKind.StepOverdue.name())).stream()
                .filter(one -> isEnded(String.valueOf(one.evidence().get("operationId"))))
                .map(AlertStore.Row::key)
                .toList();
    }

    private boolean isEnded(String operationId) {
        return operations.find(operationId).filter(one -> !one.state().isFinal()).isEmpty();
    }

    private static void over(Handle handle, String key) {
        handle.useTransaction(h -> Alarms.resolve(h, key));
    }

    private static boolean isNews(
            @org.jspecify.annotations.Nullable Alert found,
            AlertStore.@org.jspecify.annotations.Nullable Row raised) {
        return found != null
                && (raised == null || raised.severity().compareTo(found.severity()) < 0);
    }

    private boolean hasLasted(String key, Duration time) {
        Instant since = changedSince.computeIfAbsent(key, _ -> clock.instant());
        return !since.plus(time).isAfter(clock.instant());
    }

    private List<Alert> found(Handle handle, Set<String> raised) {
        Conditions conditions = new Conditions(seen, raised);
        List<Alert> found = new ArrayList<>();
        for (HostRow host : HostStore.list(handle)) {
            List<String> members =
                    host.reachable()
                            ? List.of()
                            : MemberStore.on(handle, host.id()).stream()
                                    .map(MemberRow::id)
                                    .toList();
            found.addAll(conditions.of(host, members));
        }
        HealthStore.watchers(handle).forEach(one -> Conditions.of(one).ifPresent(found::add));
        Optional<String> last = Optional.empty();
        do {
            List<InstanceRow> page = InstanceStore.list(handle, PAGE, last);
            page.forEach(row -> found.addAll(conditions.of(Topology.of(handle, row))));
            last = page.size() < PAGE ? Optional.empty() : Optional.of(page.getLast().id());
        } while (last.isPresent());
        undecided().forEach(one -> found.add(decision(one)));
        return found;
    }

    private List<Operation> undecided() {
        return operations.list(
                Optional.empty(),
                Optional.empty(),
                Optional.of(OperationState.NeedsDecision),
                PAGE,
                Optional.empty());
    }

    private static Alert decision(Operation one) {
        return Conditions.decision(one.id(), one.type(), one.subject());
    }
}
