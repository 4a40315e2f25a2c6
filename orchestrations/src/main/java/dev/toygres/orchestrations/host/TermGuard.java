package dev.toygres.orchestrations.host;

import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Topology;
import dev.toygres.store.Catalogue;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** S1: whoever opens a term, or lets a former primary have it, asks here first. */
public final class TermGuard {
    private static final String PRIMARY = "Primary";

    private final Catalogue catalogue;
    private final Agents agents;
    private final Observations seen;

    public TermGuard(Catalogue catalogue, Agents agents, Observations seen) {
        this.catalogue = catalogue;
        this.agents = agents;
        this.seen = seen;
    }

    /**
     * Before the next term is opened, in its transaction.
     *
     * @throws PermanentFailure when the next one is another's already
     */
    public void requireNoNewer(Handle handle, String instanceId) {
        Topology topology = Topology.find(handle, instanceId).orElseThrow();
        NewerTerms.of(topology, seen)
                .ifPresent(
                        newer -> {
                            throw new PermanentFailure(
                                    "members of %s are in term %d already: the catalogue, with term %d, was restored from a backup"
                                            .formatted(
                                                    instanceId, newer, topology.instance().term()));
                        });
    }

    /**
     * Before that member takes writes again in a term that came to nothing, as the catalogue has
     * it.
     *
     * @throws PermanentFailure when another one is primary in it, or in a newer one
     */
    public void requireNoOther(String instanceId, String memberId, long term) {
        Topology topology =
                catalogue
                        .jdbi()
                        .withHandle(handle -> Topology.find(handle, instanceId))
                        .orElseThrow(() -> new PermanentFailure("the instance is gone"));
        List<String> answering = topology.hosts().stream().filter(seen::reached).toList();
        // A look of our own: the primary is down just now, which is nobody else's business.
        Observations now = new Observations();
        now.refresh(agents, answering);
        other(topology, now, memberId, term)
                .ifPresent(
                        one -> {
                            throw new PermanentFailure(
                                    "%s is primary in term %d: %s must not be in term %d"
                                            .formatted(one.memberId(), one.term(), memberId, term));
                        });
    }

    private static Optional<MemberStatus> other(
            Topology topology, Observations now, String memberId, long term) {
        return topology.members()
                .filter(one -> !one.id().equals(memberId))
                .flatMap(one -> now.of(one).stream())
                .filter(one -> one.role().equals(PRIMARY) && one.term() >= term)
                .findFirst();
    }
}
