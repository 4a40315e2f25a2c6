package dev.toygres.orchestrations.host;

import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.agentapi.HostStatus.Replication;
import dev.toygres.agentapi.HostStatus.Unheard;
import dev.toygres.model.Lsn;
import dev.toygres.model.ReplicaHealth;
import dev.toygres.model.ReplicaHealth.Sight;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Topology;
import dev.toygres.store.MemberRow;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * What this server last saw of each host, in memory: fresher than the catalogue, and gone with the
 * process. Whoever is not in here was not reached at the last look.
 */
public final class Observations {
    /** Two hosts are not asked at the same moment. */
    private static final Duration ROUND = Duration.ofSeconds(5);

    /** What an agent has for its answer. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Two members are not asked at the same moment, and who reconnects is back within that. */
    private static final Duration BELIEF = Duration.ofSeconds(3);

    private final Map<String, HostStatus> byHost = new ConcurrentHashMap<>();
    private final Map<String, Long> lostAt = new ConcurrentHashMap<>();
    private final Map<String, Said> lastSaid = new ConcurrentHashMap<>();
    private final Map<String, Long> streamedAt = new ConcurrentHashMap<>();
    private final Map<String, Long> wellAt = new ConcurrentHashMap<>();
    private final Map<String, Long> unheardSince = new ConcurrentHashMap<>();

    /** When this server was last out of breath. */
    private volatile long wellSince = System.nanoTime();

    private record Said(long term, Lsn position) {}

    /**
     * A look at these hosts now.
     *
     * @throws AgentUnreachable when whoever looks is interrupted: that says nothing about a host
     */
    public void refresh(Agents agents, Collection<String> hostIds) {
        for (String hostId : Set.copyOf(hostIds)) {
            try {
                saw(hostId, agents.of(hostId).status());
            } catch (AgentUnreachable | AgentRefusal unreachable) {
                if (Thread.currentThread().isInterrupted()) {
                    throw unreachable;
                }
                lost(hostId);
            }
        }
    }

    /** The routing of an instance on that host. */
    public Optional<HostStatus.EndpointStatus> endpoint(String hostId, String instanceId) {
        return Optional.ofNullable(byHost.get(hostId))
                .flatMap(
                        status ->
                                status.endpoints().stream()
                                        .filter(one -> one.instanceId().equals(instanceId))
                                        .findFirst());
    }

    /**
     * A member where it was seen.
     *
     * @param status as its agent told it
     */
    public record Sighting(String hostId, MemberStatus status) {}

    /** What there is of the instance on any host, in the catalogue or not. */
    List<Sighting> membersOf(String instanceId) {
        return byHost.entrySet().stream()
                .flatMap(
                        host ->
                                host.getValue().members().stream()
                                        .filter(one -> one.instanceId().equals(instanceId))
                                        .map(one -> new Sighting(host.getKey(), one)))
                .toList();
    }

    /** Whoever serves its addresses in a newer term than this one. */
    Optional<String> servedBy(String instanceId, long term) {
        return byHost.keySet().stream()
                .filter(
                        host ->
                                endpoint(host, instanceId)
                                        .filter(one -> one.up() && one.term() > term)
                                        .isPresent())
                .findFirst();
    }

    /**
     * On which electors its primary could not live if no server worked now (S4). Of hosts that do
     * not answer nothing is said: they are taken off the list.
     */
    public List<Unheard> unheard(Topology topology) {
        return topology.primary().flatMap(this::of).map(MemberStatus::unheard).stream()
                .flatMap(List::stream)
                .filter(one -> isReachedElector(topology, one.memberId()))
                .toList();
    }

    private boolean isReachedElector(Topology topology, String memberId) {
        return topology.instance().voting().electorate().contains(memberId)
                && topology.replicas().stream()
                        .anyMatch(one -> one.id().equals(memberId) && isReached(one));
    }

    /** Whether its agent answered at the last look. */
    public boolean isReached(MemberRow member) {
        return reached(member.hostId());
    }

    /** Whether its agent answered at the last look. */
    public boolean reached(String hostId) {
        return byHost.containsKey(hostId);
    }

    /** Whether it has ever been asked, and has answered or owed the answer. */
    public boolean isLookedAt(String hostId) {
        return reached(hostId) || lostAt.containsKey(hostId);
    }

    /** How many of them answered at the last look. */
    int heard(Set<String> hostIds) {
        return (int) hostIds.stream().filter(this::reached).count();
    }

    public void saw(String hostId, HostStatus status) {
        byHost.put(hostId, status);
        lostAt.remove(hostId);
        status.members().forEach(this::remember);
    }

    /**
     * What another server saw last of a host, or this one before it started again: not how it is,
     * but how far its members were, and who streamed.
     */
    void recall(HostStatus last) {
        last.members().forEach(this::remember);
    }

    /** It does not answer. */
    public void lost(String hostId) {
        lost(hostId, Duration.ZERO);
    }

    /** It has owed an answer for so long. */
    void lost(String hostId, Duration silence) {
        byHost.remove(hostId);
        long at = System.nanoTime() - silence.toNanos();
        lostAt.putIfAbsent(hostId, wellSince - at > 0 ? wellSince : at);
    }

    /**
     * This server has just been out of breath for so long: answers that it did not get round to
     * were no silence, which counts from now on. Whoever was silent before is so still.
     */
    void late(Duration by) {
        long now = System.nanoTime();
        wellSince = now;
        long stall = by.plus(ANSWER).toNanos();
        lostAt.replaceAll((_, at) -> now - at < stall ? now : at);
    }

    /** How long it has not answered; empty when it does, or was never asked. */
    public Optional<Duration> lostFor(String hostId) {
        return Optional.ofNullable(lostAt.get(hostId))
                .map(at -> Duration.ofNanos(System.nanoTime() - at));
    }

    /** The run of its agent. */
    public Optional<HostStatus> status(String hostId) {
        return Optional.ofNullable(byHost.get(hostId));
    }

    private void remember(MemberStatus member) {
        boolean well =
                member.state() == HostStatus.State.Running
                        && member.vitals().filter(Observations::isWell).isPresent();
        member.replication()
                .ifPresent(
                        seen -> {
                            String id = member.memberId();
                            lastSaid.put(id, new Said(member.term(), Lsn.parse(seen.position())));
                            if (seen.standby() && seen.streaming()) {
                                streamedAt.put(id, System.nanoTime());
                            } else if (!seen.standby() && well) {
                                wellAt.put(id, System.nanoTime());
                            }
                        });
    }

    /** Nobody streams from one that recovers, though it calls itself ready. */
    private static boolean isWell(HostStatus.Vitals last) {
        return last.failuresInARow() == 0 && !last.recovering();
    }

    /** What it said last of where it was, in that term; kept when it says nothing any more. */
    public Optional<Lsn> lastSaid(MemberRow member) {
        return Optional.ofNullable(lastSaid.get(member.id())).map(Said::position);
    }

    /**
     * Whether it streamed when the primary was last well: nobody streams from a dead one. Where
     * this server has never seen the primary well, whoever is up may have.
     */
    public boolean streamedToTheEnd(MemberRow primary, MemberRow replica) {
        Long well = wellAt.get(primary.id());
        Long streamed = streamedAt.get(replica.id());
        if (well == null) {
            return true;
        }
        return streamed != null && streamed - well > -ROUND.toNanos();
    }

    public Optional<MemberStatus> of(MemberRow member) {
        return Optional.ofNullable(byHost.get(member.hostId()))
                .flatMap(
                        status ->
                                status.members().stream()
                                        .filter(one -> one.memberId().equals(member.id()))
                                        .findFirst());
    }

    public Optional<Replication> replication(MemberRow member) {
        return of(member).flatMap(MemberStatus::replication);
    }

    /** Where the primary writes. */
    public Optional<Lsn> position(MemberRow member) {
        return replication(member).map(Replication::position).map(Lsn::parse);
    }

    /**
     * The same, by a look now. One that was restarted a moment ago is asked again a moment later.
     *
     * @throws IllegalStateException when it does not say within two seconds
     */
    public Lsn awaitPosition(Agents agents, MemberRow member) {
        long end = System.nanoTime() + ANSWER.toNanos();
        while (true) {
            refresh(agents, List.of(member.hostId()));
            Optional<Lsn> position = position(member);
            if (position.isPresent()) {
                return position.get();
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the primary does not answer");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** What the replica has not received of what the primary was last seen to have written. */
    public Optional<Long> lagBytes(MemberRow primary, MemberRow replica) {
        return position(primary)
                .flatMap(ahead -> position(replica).map(behind -> ahead.bytesSince(behind)));
    }

    public Sight sight(MemberRow primary, MemberRow replica) {
        if (!byHost.containsKey(replica.hostId())) {
            return new Sight.Unreachable();
        }
        return of(replica)
                .map(status -> sight(primary, replica, status))
                .orElseGet(Sight.Missing::new);
    }

    private Sight sight(MemberRow primary, MemberRow replica, MemberStatus status) {
        if (status.desired().equals("Stopped")) {
            return new Sight.Stopped();
        }
        return status.replication()
                .<Sight>map(seen -> up(primary, replica, seen))
                .orElseGet(() -> withoutWords(status));
    }

    /** Just started, and not asked yet: not broken. */
    private static Sight withoutWords(MemberStatus status) {
        return switch (status.state()) {
            case Running, Starting -> new Sight.Up(true, false, false, Optional.empty());
            case Creating, Stopped, Crashed, Unknown -> new Sight.Down(down(status));
        };
    }

    private static String down(MemberStatus status) {
        return status.trouble().orElse("its Postgres is " + status.state());
    }

    private Sight up(MemberRow primary, MemberRow replica, Replication seen) {
        boolean streaming = seen.streaming() && isHeardBy(primary, replica);
        return new Sight.Up(
                seen.standby(), streaming, slotLost(primary, replica), lagBytes(primary, replica));
    }

    /** S10: the primary gave up keeping WAL for it. */
    public boolean slotLost(MemberRow primary, MemberRow replica) {
        return replication(primary).stream()
                .flatMap(one -> one.slots().stream())
                .anyMatch(
                        slot ->
                                slot.name().equals(replica.slot())
                                        && slot.walStatus().equals("lost"));
    }

    /**
     * D8: a replica whose receiver hangs goes on calling itself streaming; the primary, which gave
     * it up, knows better. Where that says nothing, the replica is believed.
     */
    private boolean isHeardBy(MemberRow primary, MemberRow replica) {
        boolean missing =
                replication(primary)
                        .filter(seen -> !seen.standby())
                        .filter(seen -> !lists(seen, replica))
                        .isPresent();
        if (!missing) {
            unheardSince.remove(replica.id());
            return true;
        }
        long since = unheardSince.computeIfAbsent(replica.id(), _ -> System.nanoTime());
        return System.nanoTime() - since < BELIEF.toNanos();
    }

    private static boolean lists(Replication primary, MemberRow replica) {
        return primary.followers().stream()
                .filter(one -> one.state().equals("streaming") || one.state().equals("catchup"))
                .anyMatch(one -> one.name().equals(replica.id()));
    }

    /** What to say of a replica that no flow is at work on. */
    public ReplicaHealth.Verdict verdict(MemberRow primary, MemberRow replica) {
        return ReplicaHealth.of(sight(primary, replica), replica.maxLagBytes());
    }
}
