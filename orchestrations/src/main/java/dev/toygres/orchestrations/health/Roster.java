package dev.toygres.orchestrations.health;

import dev.toygres.orchestrations.Topology;
import dev.toygres.store.HealthStore;
import dev.toygres.store.HealthStore.Monitor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** An instance that this server watches, as the catalogue had it at the last turn. */
record Roster(Topology topology, Monitor monitor, List<Instant> past) {

    /** Four queries, however many they are. */
    static List<Roster> of(Handle handle, String server) {
        var monitors = HealthStore.monitors(handle, server);
        var past = HealthStore.automaticFailovers(handle);
        return Topology.watchedBy(handle, server).stream()
                .filter(one -> one.primary().isPresent())
                .flatMap(
                        one ->
                                Optional.ofNullable(monitors.get(one.instance().id()))
                                        .map(
                                                monitor ->
                                                        new Roster(
                                                                one,
                                                                monitor,
                                                                past.getOrDefault(
                                                                        one.instance().id(),
                                                                        List.of())))
                                        .stream())
                .toList();
    }
}
