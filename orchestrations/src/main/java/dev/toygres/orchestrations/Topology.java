package dev.toygres.orchestrations;

import dev.toygres.model.ReplicationMode;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** An instance with its members, as the catalogue has them. */
public record Topology(
        InstanceRow instance, Optional<MemberRow> primary, List<MemberRow> replicas) {

    public static Topology of(Handle handle, InstanceRow instance) {
        return of(instance, MemberStore.of(handle, instance.id()));
    }

    private static Topology of(InstanceRow instance, List<MemberRow> members) {
        return new Topology(
                instance,
                members.stream().filter(one -> isIncumbent(instance, one)).findFirst(),
                members.stream().filter(one -> !isIncumbent(instance, one)).toList());
    }

    /** All that the server watches. */
    public static List<Topology> watchedBy(Handle handle, String server) {
        Map<String, List<MemberRow>> members =
                MemberStore.watchedBy(handle, server).stream()
                        .collect(Collectors.groupingBy(MemberRow::instanceId));
        return InstanceStore.watchedBy(handle, server).stream()
                .map(row -> of(row, members.getOrDefault(row.id(), List.of())))
                .toList();
    }

    public static Optional<Topology> find(Handle handle, String instanceId) {
        return InstanceStore.find(handle, instanceId).map(row -> of(handle, row));
    }

    private static boolean isIncumbent(InstanceRow instance, MemberRow member) {
        return instance.incumbent().equals(Optional.of(member.id()));
    }

    /** The primary of an instance that has been created. */
    public MemberRow placedPrimary() {
        return primary.orElseThrow(
                () -> new IllegalStateException(instance.id() + " was never placed on a host"));
    }

    /** The primary first, if there is one. */
    public Stream<MemberRow> members() {
        return Stream.concat(primary.stream(), replicas.stream());
    }

    /** Of all members, and of the addresses. */
    public List<String> hosts() {
        return Stream.concat(
                        members().map(MemberRow::hostId),
                        instance.endpoint().stream().map(InstanceRow.Endpoint::hostId))
                .distinct()
                .toList();
    }

    /** Replicas that a flow has finished with. */
    public List<MemberRow> readyReplicas() {
        return replicas.stream().filter(one -> one.stage() == MemberRow.Stage.Ready).toList();
    }

    /**
     * Replicas as far as they may gate commits (D8). A Sync one that broke, or is being made anew,
     * counts while no other is Sync: whoever asked for strict durability waits for it until it is
     * back or removed.
     */
    public List<MemberRow> standbys() {
        boolean another =
                readyReplicas().stream().anyMatch(one -> one.mode() == ReplicationMode.Sync);
        return replicas.stream()
                .filter(
                        one ->
                                switch (one.stage()) {
                                    case Ready -> true;
                                    case Broken, Detached -> !another;
                                    case Provisioning ->
                                            !another && instance.syncNames().contains(one.id());
                                    case Promoting, Removing, Retained -> false;
                                })
                .toList();
    }

    public Optional<MemberRow> replica(String id) {
        return replicas.stream().filter(one -> one.id().equals(id)).findFirst();
    }
}
