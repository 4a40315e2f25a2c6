package dev.toygres.orchestrations.host;

import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.durable.FencingTokens;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.alert.Alarms;
import dev.toygres.orchestrations.host.Observations.Sighting;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * S1: what happens when the catalogue was restored from a backup and the hosts know better. Orders
 * carry tokens that are newer than what was drawn since; an instance that has failed over since is
 * left alone until the catalogue knows its primary again, which it learns from the agents where
 * they leave no doubt.
 */
public final class OlderCatalogue {
    private static final Logger LOG = LoggerFactory.getLogger(OlderCatalogue.class);

    /** It may be restored below a server that goes on. */
    private static final long BELIEF = Duration.ofSeconds(5).toNanos();

    /** What is said of an instance that nothing is to be said of. */
    private static final String CALM = "";

    private final Catalogue catalogue;
    private final Agents agents;
    private final Lanes lanes;
    private final Observations seen;
    private final Map<String, String> said = new ConcurrentHashMap<>();
    private volatile Drawn drawn = new Drawn(0, System.nanoTime());

    /** As far as tokens were known to have been drawn, and when. */
    private record Drawn(long token, long at) {}

    public OlderCatalogue(Catalogue catalogue, Agents agents, Lanes lanes, Observations seen) {
        this.catalogue = catalogue;
        this.agents = agents;
        this.lanes = lanes;
        this.seen = seen;
    }

    /** A host tells of an order that this catalogue has not given: from now on its are newer. */
    void heard(String hostId, HostStatus status) {
        Drawn known = drawn;
        if (status.highestToken() <= known.token() && System.nanoTime() - known.at() < BELIEF) {
            return;
        }
        long now = System.nanoTime();
        long last =
                catalogue.jdbi().withHandle(handle -> FencingTokens.last(handle.getConnection()));
        if (status.highestToken() > last) {
            catalogue.jdbi().useTransaction(handle -> raise(handle, hostId, status.highestToken()));
        }
        drawn = new Drawn(Math.max(last, status.highestToken()), now);
    }

    private static void raise(Handle handle, String hostId, long token) {
        FencingTokens.raise(handle.getConnection(), token)
                .ifPresent(
                        last -> {
                            String words =
                                    "Host %s has carried out orders that the catalogue has not given: it was restored from a backup. What was changed since may have to be made again."
                                            .formatted(hostId);
                            LOG.warn("{} Tokens: {} there, {} here", words, token, last);
                            Alarms.tell(
                                    handle,
                                    Alert.of(
                                            AlertSeverity.Critical,
                                            AlertKind.CatalogueRestored,
                                            hostId,
                                            words));
                        });
    }

    /**
     * Why the instance is to be left alone; empty when it is not. Takes the agents' word for who is
     * primary first, where that is beyond doubt.
     *
     * @param topology as it was a moment ago
     */
    public Optional<String> halts(Topology topology) {
        Optional<String> reason = NewerTerms.of(topology, seen).flatMap(_ -> haltsByNow(topology));
        say(topology.instance().id(), reason.orElse(CALM));
        return reason;
    }

    /**
     * Once, and again when it is otherwise; a server that has just begun knows of no former one. It
     * counts as said once it is written, and two that look at the same instance write in turn.
     */
    private void say(String id, String words) {
        if (!words.equals(said.get(id))) {
            said.compute(
                    id,
                    (_, before) -> {
                        if (!words.equals(before)) {
                            write(id, words);
                        }
                        return words;
                    });
        }
    }

    private void write(String id, String words) {
        if (words.equals(CALM)) {
            catalogue.jdbi().useTransaction(handle -> resolve(handle, id));
            return;
        }
        LOG.warn("instance {} is left alone: {}", id, words);
        catalogue
                .jdbi()
                .useTransaction(
                        handle ->
                                Alarms.raise(
                                        handle,
                                        Alert.ofInstance(
                                                AlertSeverity.Critical,
                                                AlertKind.CatalogueBehind,
                                                id,
                                                "%s is left alone: %s.".formatted(id, words))));
    }

    private static void resolve(Handle handle, String id) {
        Alarms.resolve(handle, AlertKind.CatalogueBehind + "/" + id);
    }

    /**
     * First the hosts, which may have had a former instance of that name a moment ago; then the
     * catalogue, which knows by then of every term that was seen.
     */
    private Optional<String> haltsByNow(Topology before) {
        // Whoever is lost is listened for already, and may take its time to say nothing.
        seen.refresh(agents, before.hosts().stream().filter(seen::reached).toList());
        Optional<Topology> now =
                catalogue
                        .jdbi()
                        .withHandle(handle -> Topology.find(handle, before.instance().id()));
        return now.flatMap(
                topology ->
                        NewerTerms.of(topology, seen).flatMap(newest -> adopt(topology, newest)));
    }

    /** Answers why it is not adopted. */
    private Optional<String> adopt(Topology topology, long newest) {
        List<Sighting> writers = writers(topology.instance().id());
        Optional<String> doubt = doubt(topology, writers, newest);
        if (doubt.isEmpty()) {
            catalogue.jdbi().useTransaction(handle -> adopt(handle, topology, writers.getFirst()));
        }
        return doubt.map(
                words ->
                        "its members are in term %d, the catalogue has term %d: it was restored from a backup; %s"
                                .formatted(newest, topology.instance().term(), words));
    }

    /** Why the agents' word is not enough. */
    private Optional<String> doubt(Topology topology, List<Sighting> writers, long newest) {
        Optional<String> operation = lanes.holder(topology.instance().id());
        if (operation.isPresent()) {
            return Optional.of("operation %s has to end first".formatted(operation.get()));
        }
        List<String> away =
                topology.members()
                        .filter(one -> !seen.isReached(one))
                        .map(one -> "%s on %s".formatted(one.id(), one.hostId()))
                        .toList();
        if (!away.isEmpty()) {
            return Optional.of(
                    "what %s knows has to be seen: bring it back, or 'toygres host forget' it"
                            .formatted(String.join(" and ", away)));
        }
        if (writers.size() == 1 && writers.getFirst().status().term() == newest) {
            return elsewhere(topology, writers.getFirst());
        }
        return Optional.of(
                writers.isEmpty()
                        ? "none of them takes writes"
                        : writers.stream()
                                .map(
                                        one ->
                                                "%s takes writes in term %d"
                                                        .formatted(
                                                                one.status().memberId(),
                                                                one.status().term()))
                                .collect(Collectors.joining(", ")));
    }

    private static Optional<String> elsewhere(Topology topology, Sighting writer) {
        return topology.members()
                .filter(one -> one.id().equals(writer.status().memberId()))
                .filter(one -> !one.hostId().equals(writer.hostId()))
                .map(
                        one ->
                                "%s takes writes on %s, and the catalogue has it on %s"
                                        .formatted(one.id(), writer.hostId(), one.hostId()))
                .findFirst();
    }

    private List<Sighting> writers(String instanceId) {
        return seen.membersOf(instanceId).stream()
                .filter(one -> one.status().state() == HostStatus.State.Running)
                .filter(one -> one.status().replication().filter(it -> !it.standby()).isPresent())
                .toList();
    }

    private void adopt(Handle handle, Topology known, Sighting writer) {
        InstanceRow row = InstanceStore.lock(handle, known.instance().id());
        if (row.term() != known.instance().term()) {
            return;
        }
        String primary = writer.status().memberId();
        long newest = writer.status().term();
        addUnlessKnown(handle, row, writer);
        known.primary().ifPresent(former -> follows(handle, former));
        MemberStore.stage(handle, primary, MemberRow.Stage.Ready, Optional.empty());
        InstanceStore.adoptTerm(handle, row.id(), row.term(), newest, primary);
        row.endpoint().ifPresent(open -> moveEndpoint(handle, row, open));
        String words =
                "The catalogue, restored from a backup, had term %d of %s and primary %s; its members are in term %d, and %s takes the writes: so it is the primary. What was changed since the backup may have to be made again."
                        .formatted(
                                row.term(),
                                row.id(),
                                row.incumbent().orElse("none"),
                                newest,
                                primary);
        LOG.warn(words);
        resolve(handle, row.id());
        Alarms.tell(
                handle,
                Alert.ofInstance(
                        AlertSeverity.Critical, AlertKind.CatalogueRestored, row.id(), words));
    }

    /** One that does not is taken for a former primary that was away: the watch has it rejoin. */
    private void follows(Handle handle, MemberRow former) {
        boolean standby = seen.replication(former).filter(one -> one.standby()).isPresent();
        MemberStore.stage(
                handle,
                former.id(),
                standby ? MemberRow.Stage.Ready : MemberRow.Stage.Detached,
                standby
                        ? Optional.empty()
                        : Optional.of("the catalogue was restored from a backup"));
    }

    /** It may have been added after the backup, or got another address. */
    private static void addUnlessKnown(Handle handle, InstanceRow row, Sighting found) {
        MemberStatus status = found.status();
        if (MemberStore.find(handle, status.memberId()).isEmpty()) {
            MemberStore.add(
                    handle,
                    MemberRow.primary(status.memberId(), row.id(), found.hostId(), row.size()));
        }
        status.address()
                .ifPresent(
                        at ->
                                MemberStore.up(
                                        handle,
                                        status.memberId(),
                                        at.host(),
                                        at.port(),
                                        status.systemIdentifier().orElse("")));
    }

    /** Where they are served in the newest term (S13). */
    private void moveEndpoint(Handle handle, InstanceRow row, InstanceRow.Endpoint open) {
        long term =
                seen.endpoint(open.hostId(), row.id())
                        .map(HostStatus.EndpointStatus::term)
                        .orElse(0L);
        seen.servedBy(row.id(), term)
                .ifPresent(
                        host -> InstanceStore.moveEndpoint(handle, row.id(), open.hostId(), host));
    }
}
