package dev.toygres.model;

import dev.toygres.model.Placement.Choice;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Who serves the addresses of an instance when their host is dead (S13): pure. */
public final class EndpointPlacement {

    /** What a host has to do with the instance; the first is the best for its addresses. */
    public enum Standing {
        /** One host less that has to live. */
        Primary,
        /** It may be primary next. */
        Replica,
        None
    }

    /**
     * Another host than the one that had them.
     *
     * @param mayServe whether the address is one that it may have
     * @param clearing whether it has to close a former endpoint of the instance yet
     */
    public record Candidate(
            HostId id, boolean reachable, boolean mayServe, boolean clearing, Standing standing) {}

    private EndpointPlacement() {}

    /** A live host that may have the address; a member's is preferred. */
    public static Choice choose(String address, List<Candidate> others) {
        return others.stream()
                .filter(one -> fault(address, one).isEmpty())
                .min(
                        Comparator.comparing(Candidate::standing)
                                .thenComparing(one -> one.id().value()))
                .<Choice>map(one -> new Choice.On(one.id()))
                .orElseGet(() -> new Choice.Nowhere(whyNot(address, others)));
    }

    private static String fault(String address, Candidate one) {
        if (!one.mayServe()) {
            return "may not serve " + address;
        }
        if (!one.reachable()) {
            return "is not reachable";
        }
        return one.clearing() ? "has not closed a former endpoint of it yet" : "";
    }

    private static String whyNot(String address, List<Candidate> others) {
        if (others.isEmpty()) {
            return "there is no other host";
        }
        return others.stream()
                .map(one -> one.id() + " " + fault(address, one))
                .collect(Collectors.joining("; ", "no other host can serve them: ", ""));
    }
}
