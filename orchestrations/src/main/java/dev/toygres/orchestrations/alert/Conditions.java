package dev.toygres.orchestrations.alert;

import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.agentapi.HostStatus.Unheard;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.model.Bound;
import dev.toygres.model.Durability;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceState;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.ReplicationMode;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.store.HealthStore.Watcher;
import dev.toygres.store.HostRow;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.MemberRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What deserves an alert, as things were last seen. Decides; does nothing. */
final class Conditions {
    static final List<AlertKind> KINDS =
            List.of(
                    AlertKind.InstanceFailed,
                    AlertKind.InstanceUnhealthy,
                    AlertKind.InstanceUnprotected,
                    AlertKind.CommitsWait,
                    AlertKind.ReplicaLagging,
                    AlertKind.ReplicaBroken,
                    AlertKind.ParametersTakenBack,
                    AlertKind.EndpointUnserved,
                    AlertKind.HostUnreachable,
                    AlertKind.ServerStandsBack,
                    AlertKind.CustomCheckFailing,
                    AlertKind.DiskNearlyFull,
                    AlertKind.VoucherMissing,
                    AlertKind.DecisionNeeded);

    private static final long GIGABYTE = 1L << 30;

    private final Observations seen;
    private final Set<String> raised;

    /**
     * On what was seen.
     *
     * @param raised keys of what is an alert already
     */
    Conditions(Observations seen, Set<String> raised) {
        this.seen = seen;
        this.raised = raised;
    }

    List<Alert> of(HostRow host, List<String> members) {
        if (!host.reachable()) {
            return List.of(unreachable(host, members));
        }
        return Room.status(host).flatMap(status -> disk(host, status)).stream().toList();
    }

    private static Alert unreachable(HostRow host, List<String> members) {
        return Alert.of(
                        AlertSeverity.Warning,
                        AlertKind.HostUnreachable,
                        host.id(),
                        "The agent of host %s does not answer. Members there: %s."
                                .formatted(
                                        host.id(),
                                        members.isEmpty() ? "none" : String.join(", ", members)))
                .with("lastSeenAt", host.lastSeenAt().map(String::valueOf).orElse("never"));
    }

    static Optional<Alert> of(Watcher server) {
        return Optional.of(server)
                .filter(Watcher::standsBack)
                .map(
                        one ->
                                Alert.of(
                                        AlertSeverity.Warning,
                                        AlertKind.ServerStandsBack,
                                        one.name(),
                                        "Server %s hears fewer hosts (%d) than another one, and leaves all work to that: look at its network."
                                                .formatted(one.name(), one.hostsHeard())));
    }

    /** A tenth of the disk, and of a large one at least 10 GB, is what a Postgres may need soon. */
    private Optional<Alert> disk(HostRow host, HostStatus status) {
        long free = status.diskFreeBytes();
        long total = status.diskTotalBytes();
        long warn = Math.min(total / 10, 10 * GIGABYTE);
        long alarm = Math.min(total / 33, 2 * GIGABYTE);
        String key = AlertKind.DiskNearlyFull + "/" + host.id();
        if (!Bound.isUndercut(free, warn, raised.contains(key))) {
            return Optional.empty();
        }
        return Optional.of(
                Alert.of(
                                free < alarm ? AlertSeverity.Critical : AlertSeverity.Warning,
                                AlertKind.DiskNearlyFull,
                                host.id(),
                                "The disk of host %s has %d MB free of %d MB. A Postgres whose disk is full stops."
                                        .formatted(host.id(), free >> 20, total >> 20))
                        .with("freeBytes", free)
                        .with("totalBytes", total));
    }

    List<Alert> of(Topology topology) {
        List<Alert> found = new ArrayList<>();
        instance(topology.instance()).ifPresent(found::add);
        if (topology.instance().state() == InstanceState.Running
                && topology.primary().isPresent()) {
            MemberRow primary = topology.placedPrimary();
            protection(topology, primary).ifPresent(found::add);
            customCheck(topology.instance(), primary).ifPresent(found::add);
            seen.unheard(topology).stream()
                    .map(elector -> voucher(topology, primary, elector))
                    .forEach(found::add);
            addresses(topology.instance()).ifPresent(found::add);
            topology.replicas().stream()
                    .flatMap(replica -> replica(topology.instance(), primary, replica).stream())
                    .forEach(found::add);
            Stream.concat(Stream.of(primary), topology.readyReplicas().stream())
                    .filter(this::hasFormerParameters)
                    .map(member -> takenBack(topology.instance(), member))
                    .forEach(found::add);
        }
        return found;
    }

    /** S13: where another host may serve them, this is over in some seconds. */
    private Optional<Alert> addresses(InstanceRow row) {
        return row.endpoint()
                .filter(open -> !seen.reached(open.hostId()))
                .map(
                        open ->
                                Alert.ofInstance(
                                                AlertSeverity.Critical,
                                                AlertKind.EndpointUnserved,
                                                row.id(),
                                                "Host %s, which serves the addresses of %s, does not answer, and no other host serves %s. Bring it back, or see --endpoint-addresses of toygres host join."
                                                        .formatted(
                                                                open.hostId(),
                                                                row.id(),
                                                                open.host()))
                                        .with("host", open.hostId()));
    }

    private static Optional<Alert> instance(InstanceRow row) {
        if (row.state() == InstanceState.Failed) {
            return Optional.of(
                    Alert.ofInstance(
                            AlertSeverity.Critical,
                            AlertKind.InstanceFailed,
                            row.id(),
                            "Instance %s is Failed: %s"
                                    .formatted(
                                            row.id(), row.failure().orElse("nobody knows why"))));
        }
        boolean unwell = row.state() == InstanceState.Running && row.health() == Health.Unhealthy;
        return unwell
                ? Optional.of(
                        Alert.ofInstance(
                                AlertSeverity.Critical,
                                AlertKind.InstanceUnhealthy,
                                row.id(),
                                "The primary of %s (%s) does not serve."
                                        .formatted(row.id(), row.incumbent().orElse("none"))))
                : Optional.empty();
    }

    /**
     * D8: without a sync replica, preferred durability protects nothing and strict stands still.
     */
    private Optional<Alert> protection(Topology topology, MemberRow primary) {
        List<MemberRow> sync =
                topology.standbys().stream()
                        .filter(one -> one.mode() == ReplicationMode.Sync)
                        .toList();
        boolean streams =
                sync.stream()
                        .map(one -> seen.verdict(primary, one).state())
                        .anyMatch(
                                state ->
                                        state == ReplicaState.Streaming
                                                || state == ReplicaState.Lagging);
        if (sync.isEmpty() || streams || !seen.isReached(primary)) {
            return Optional.empty();
        }
        InstanceRow row = topology.instance();
        return Optional.of(
                row.durability() == Durability.strict
                        ? Alert.ofInstance(
                                AlertSeverity.Critical,
                                AlertKind.CommitsWait,
                                row.id(),
                                "No Sync replica of %s streams, and its durability is strict: every commit waits. Bring one back, add one, remove those that are gone, or set durability to preferred."
                                        .formatted(row.id()))
                        : Alert.ofInstance(
                                AlertSeverity.Warning,
                                AlertKind.InstanceUnprotected,
                                row.id(),
                                "No Sync replica of %s streams: what it commits now is on one host only."
                                        .formatted(row.id())));
    }

    private Optional<Alert> customCheck(InstanceRow instance, MemberRow primary) {
        return seen.of(primary)
                .flatMap(HostStatus.MemberStatus::vitals)
                .filter(last -> last.customCheckOk().equals(Optional.of(false)))
                .map(
                        last ->
                                Alert.ofInstance(
                                        AlertSeverity.Warning,
                                        AlertKind.CustomCheckFailing,
                                        instance.id(),
                                        "The custom check of %s does not pass: %s"
                                                .formatted(instance.id(), last.words())));
    }

    private static Alert voucher(Topology topology, MemberRow primary, Unheard elector) {
        String id = topology.instance().id();
        String words =
                "%s does not get the word of %s: %s. If no server worked now, the primary of %s would stop. Let the agents of these hosts reach each other, or set isolationPolicy to Serve."
                        .formatted(primary.hostId(), elector.memberId(), elector.words(), id);
        return Alert.ofInstance(AlertSeverity.Warning, AlertKind.VoucherMissing, id, words)
                .part(elector.memberId())
                .with("host", primary.hostId());
    }

    private Optional<Alert> replica(InstanceRow instance, MemberRow primary, MemberRow replica) {
        return switch (replica.stage()) {
            case Broken, Detached -> Optional.of(broken(instance, replica, replica.trouble()));
            case Ready -> {
                var verdict = seen.verdict(primary, replica);
                yield verdict.state() == ReplicaState.Broken
                        ? Optional.of(
                                broken(instance, replica, replica.trouble().or(verdict::trouble)))
                        : lagging(instance, primary, replica);
            }
            case Provisioning, Promoting, Removing, Retained -> Optional.empty();
        };
    }

    private boolean hasFormerParameters(MemberRow member) {
        return seen.of(member)
                .flatMap(MemberStatus::given)
                .filter(given -> given.refused().isPresent())
                .isPresent();
    }

    private static Alert takenBack(InstanceRow instance, MemberRow member) {
        return Alert.ofInstance(
                        AlertSeverity.Warning,
                        AlertKind.ParametersTakenBack,
                        instance.id(),
                        "%s of %s did not come up with the agreed parameters and has its former ones: toygres params list %s says why."
                                .formatted(member.id(), instance.id(), instance.id()))
                .part(member.id());
    }

    private static Alert broken(InstanceRow instance, MemberRow replica, Optional<String> why) {
        return Alert.ofInstance(
                        AlertSeverity.Warning,
                        AlertKind.ReplicaBroken,
                        instance.id(),
                        "Replica %s of %s does not follow: %s"
                                .formatted(
                                        replica.id(),
                                        instance.id(),
                                        why.orElse("nobody knows why")))
                .part(replica.id())
                .with("host", replica.hostId());
    }

    /** R1.11; with a way back, so that it does not flap around the limit. */
    private Optional<Alert> lagging(InstanceRow instance, MemberRow primary, MemberRow replica) {
        String key = AlertKind.ReplicaLagging + "/" + instance.id() + "/" + replica.id();
        Optional<Long> lag = seen.lagBytes(primary, replica);
        return Stream.of(replica)
                .flatMap(one -> one.maxLagBytes().stream())
                .filter(most -> lag.isPresent())
                .filter(most -> Bound.isExceeded(lag.get(), most, raised.contains(key)))
                .map(
                        most ->
                                Alert.ofInstance(
                                                AlertSeverity.Warning,
                                                AlertKind.ReplicaLagging,
                                                instance.id(),
                                                "Replica %s of %s is %d bytes behind; its maxLagBytes is %d."
                                                        .formatted(
                                                                replica.id(),
                                                                instance.id(),
                                                                lag.orElse(0L),
                                                                most))
                                        .part(replica.id())
                                        .with("lagBytes", lag.orElse(0L))
                                        .with("maxLagBytes", most))
                .findFirst();
    }

    static Alert decision(String operationId, String type, Optional<String> instanceId) {
        Alert alert =
                new Alert(
                        AlertKind.DecisionNeeded + "/" + operationId,
                        instanceId,
                        AlertSeverity.Critical,
                        AlertKind.DecisionNeeded,
                        "Operation %s (%s) waits for a decision: toygres operation show %s."
                                .formatted(operationId, type, operationId),
                        java.util.Map.of());
        return alert.with("operationId", operationId);
    }
}
