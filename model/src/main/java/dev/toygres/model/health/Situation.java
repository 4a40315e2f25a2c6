package dev.toygres.model.health;

import dev.toygres.model.InstanceState;
import dev.toygres.model.Successor.Candidate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a decision about an instance rests on.
 *
 * @param candidates its replicas; state and lag are those of when the primary was last well: a
 *     replica cannot stream from a dead primary, and must not be held for unfit because of that.
 *     The lag is measured against the last position that anybody has seen, see {@link Reference}
 * @param past when it failed over by itself, newest first; at least those of the last hour and the
 *     last one
 * @param pause until when nobody wants it to fail over by itself
 * @param outlook whether an unreachable primary is known to be fenced
 */
public record Situation(
        HealthMonitorConfig config,
        InstanceState state,
        PrimarySight primary,
        List<Candidate> candidates,
        Work work,
        List<Instant> past,
        Optional<Pause> pause,
        FencingOutlook outlook,
        Instant now) {

    public Situation {
        candidates = List.copyOf(candidates);
        past = List.copyOf(past);
    }

    /** R3.51: with an end of its own, so that nobody has to remember it. */
    public record Pause(Instant until, String reason) {}

    /**
     * S4: where a lease has to run out first, only its electors; whoever is none could not keep the
     * old primary from its vouchers.
     */
    public List<Candidate> able() {
        return switch (outlook) {
            case FencingOutlook.Expiring(var electors, _) -> among(electors);
            case FencingOutlook.Gated(var electors, _) -> among(electors);
            case FencingOutlook.Proven _,
                    FencingOutlook.Later _,
                    FencingOutlook.Heard _,
                    FencingOutlook.Never _ ->
                    candidates;
        };
    }

    private List<Candidate> among(List<String> electors) {
        return candidates.stream().filter(one -> electors.contains(one.id())).toList();
    }

    /** The same, if the primary died now. */
    public Situation withDeadPrimary() {
        return new Situation(
                config,
                state,
                new PrimarySight.Dead(java.time.Duration.ZERO, "it just died"),
                candidates,
                work,
                past,
                pause,
                outlook,
                now);
    }
}
