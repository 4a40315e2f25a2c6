package dev.toygres.orchestrations.instance;

import static java.util.stream.Collectors.joining;

import dev.toygres.agentapi.HostStatus.Unheard;
import dev.toygres.model.IsolationPolicy;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import java.util.List;

/**
 * What a primary's lease hangs on (S4).
 *
 * @param electorate the replicas that may be promoted once it has run out, and that keep it alive
 *     while no server works
 * @param ifServersDied what would become of the primary then, in words
 */
public record Isolation(IsolationPolicy policy, List<String> electorate, String ifServersDied) {
    public Isolation {
        electorate = List.copyOf(electorate);
    }

    static Isolation of(Topology topology, Observations seen) {
        var voting = topology.instance().voting();
        List<String> hosts =
                topology.replicas().stream()
                        .filter(one -> voting.electorate().contains(one.id()))
                        .map(one -> "%s (%s)".formatted(one.hostId(), one.id()))
                        .toList();
        return new Isolation(
                voting.policy(),
                voting.electorate(),
                words(hosts, voting.ttlMs()) + silent(seen.unheard(topology)));
    }

    private static String silent(List<Unheard> unheard) {
        return unheard.isEmpty()
                ? ""
                : "; it does not reach "
                        + unheard.stream().map(Unheard::memberId).collect(joining(" and "));
    }

    private static String words(List<String> hosts, long ttlMs) {
        return hosts.isEmpty()
                ? "the primary goes on"
                : "the primary goes on while it reaches %s; without %s it stops within %.0f s"
                        .formatted(
                                String.join(" and ", hosts),
                                hosts.size() == 1 ? "it" : "one of them",
                                Math.ceil(ttlMs / 1000.0));
    }
}
