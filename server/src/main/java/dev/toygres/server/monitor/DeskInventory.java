package dev.toygres.server.monitor;

import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.durable.Operations;
import dev.toygres.orchestrations.alert.Alerts;
import dev.toygres.orchestrations.alert.Notifications;
import dev.toygres.orchestrations.host.Hosts;
import dev.toygres.orchestrations.instance.InstanceView;
import dev.toygres.orchestrations.instance.Instances;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counts by asking the desks, page by page. */
public final class DeskInventory implements Inventory {
    private static final int PAGE = 500;
    private static final List<OperationState> UNFINISHED =
            List.of(
                    OperationState.Pending,
                    OperationState.Running,
                    OperationState.Waiting,
                    OperationState.NeedsDecision);

    private final Instances instances;
    private final Hosts hosts;
    private final Operations operations;
    private final Alerts alerts;
    private final Notifications notifications;

    public DeskInventory(
            Instances instances,
            Hosts hosts,
            Operations operations,
            Alerts alerts,
            Notifications notifications) {
        this.instances = instances;
        this.hosts = hosts;
        this.operations = operations;
        this.alerts = alerts;
        this.notifications = notifications;
    }

    @Override
    public Counts count() {
        Map<String, Long> byReach = new HashMap<>();
        hosts.list().forEach(host -> add(byReach, host.reachable() ? "Up" : "Unreachable"));
        Map<OperationLabels, Long> byState = new HashMap<>();
        unfinished()
                .forEach(
                        operation ->
                                add(
                                        byState,
                                        new OperationLabels(
                                                operation.type(), operation.state().name())));
        return new Counts(
                instancesByState(), byState, byReach, alerts.countUnresolved(), failuresByTarget());
    }

    private Map<String, Long> failuresByTarget() {
        return notifications.targets().targets().stream()
                .collect(
                        Collectors.toMap(
                                Notifications.TargetView::name, one -> (long) one.failures()));
    }

    private Map<InstanceLabels, Long> instancesByState() {
        Map<InstanceLabels, Long> counts = new HashMap<>();
        pages(after -> instances.list(PAGE, after), InstanceView::id)
                .forEach(
                        view ->
                                add(
                                        counts,
                                        new InstanceLabels(
                                                view.state().name(), view.health().name())));
        return counts;
    }

    private List<Operation> unfinished() {
        return UNFINISHED.stream()
                .flatMap(
                        state ->
                                pages(
                                        before ->
                                                operations.list(
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        Optional.of(state),
                                                        PAGE,
                                                        before),
                                        Operation::id)
                                        .stream())
                .toList();
    }

    private static <T> List<T> pages(
            Function<Optional<String>, List<T>> read, Function<T, String> id) {
        var all = new ArrayList<T>();
        List<T> page = read.apply(Optional.empty());
        all.addAll(page);
        while (page.size() == PAGE) {
            page = read.apply(Optional.of(id.apply(page.getLast())));
            all.addAll(page);
        }
        return all;
    }

    private static <K> void add(Map<K, Long> counts, K key) {
        counts.merge(key, 1L, Long::sum);
    }
}
