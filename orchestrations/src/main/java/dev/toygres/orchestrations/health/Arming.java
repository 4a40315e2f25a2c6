package dev.toygres.orchestrations.health;

import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.model.Lane;
import dev.toygres.model.MemberId;
import dev.toygres.model.health.HealthMonitorConfig;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HealthStore;
import dev.toygres.store.MemberRow;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the agents beforehand how members are checked and whose a death is: the server's, which
 * would fail over, or the agent's, which restarts at once. So the two never both act, and neither
 * waits for the other: what is agreed before the death needs no word after it. Written only when it
 * changes.
 */
final class Arming {
    private static final Logger LOG = LoggerFactory.getLogger(Arming.class);
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final Catalogue catalogue;
    private final Agents agents;
    private final Observations seen;
    private final Map<String, Told> told = new ConcurrentHashMap<>();
    private final Set<String> telling = ConcurrentHashMap.newKeySet();

    /** What its agent knows, in which run of it. */
    private record Told(String bootId, Order order) {}

    Arming(Catalogue catalogue, Agents agents, Observations seen) {
        this.catalogue = catalogue;
        this.agents = agents;
        this.seen = seen;
    }

    /**
     * @param serversDeath whether a death of the primary would be a failover now
     */
    void keep(Topology topology, HealthMonitorConfig config, boolean serversDeath) {
        Stream.concat(topology.primary().stream(), topology.readyReplicas().stream())
                .forEach(
                        member ->
                                keep(
                                        member,
                                        order(
                                                topology,
                                                member,
                                                config,
                                                serversDeath
                                                        && topology.primary()
                                                                .filter(member::equals)
                                                                .isPresent())));
    }

    /** Another server tells them now, and what we said last need not be so any more. */
    void forget(Topology topology) {
        topology.members().map(MemberRow::id).forEach(told::remove);
    }

    private static Order order(
            Topology topology, MemberRow member, HealthMonitorConfig config, boolean held) {
        return new Order.WatchMember(
                new MemberId(member.id()),
                topology.instance().term(),
                config.checkInterval(),
                config.checkTimeout(),
                config.customCheck(),
                config.customCheckCounts(),
                topology.instance().database(),
                held ? config.restartTimeout() : Duration.ZERO);
    }

    private void keep(MemberRow member, Order order) {
        seen.status(member.hostId())
                .map(HostStatus::bootId)
                .map(boot -> new Told(boot, order))
                .filter(wanted -> !wanted.equals(told.get(member.id())))
                .filter(_ -> seen.of(member).isPresent() && telling.add(member.id()))
                .ifPresent(
                        wanted ->
                                Thread.ofVirtual()
                                        .name("arm-" + member.id())
                                        .start(() -> tell(member, wanted)));
    }

    /** What does not arrive is said again at the next turn. */
    private void tell(MemberRow member, Told wanted) {
        try {
            long token = catalogue.jdbi().withHandle(HealthStore::token);
            var envelope = new OrderEnvelope(member.id(), Lane.monitor, token, 1, wanted.order());
            var status =
                    agents.of(member.hostId())
                            .put("watch/%s/%d".formatted(member.id(), token), envelope, ANSWER);
            switch (status.state()) {
                case Succeeded -> told.put(member.id(), wanted);
                case Running, Failed, Refused ->
                        LOG.debug("{} is not armed: {}", member.id(), status.words());
            }
        } catch (AgentUnreachable | AgentRefusal away) {
            LOG.debug("{} is not armed: {}", member.id(), away.getMessage());
        } finally {
            telling.remove(member.id());
        }
    }
}
