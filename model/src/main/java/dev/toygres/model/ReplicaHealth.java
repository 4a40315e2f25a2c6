package dev.toygres.model;

import java.util.Optional;

/**
 * From what is observed of a replica to what we say of it: pure, so that every case is enumerated.
 */
public final class ReplicaHealth {

    /** What there is to see. */
    public sealed interface Sight {
        /** Its agent does not answer. */
        record Unreachable() implements Sight {}

        /** The agent answers and does not have it. */
        record Missing() implements Sight {}

        /** Stopped by order. */
        record Stopped() implements Sight {}

        /** Its Postgres does not run. */
        record Down(String words) implements Sight {}

        /**
         * It runs.
         *
         * @param standby false: somebody promoted it behind our back
         * @param slotLost its slot on the primary was given up (S10): it can never catch up
         * @param lagBytes empty when the primary's position is not known
         */
        record Up(boolean standby, boolean streaming, boolean slotLost, Optional<Long> lagBytes)
                implements Sight {}
    }

    /** What we say, and why where something is wrong. */
    public record Verdict(ReplicaState state, Optional<String> trouble) {
        static Verdict well(ReplicaState state) {
            return new Verdict(state, Optional.empty());
        }

        static Verdict broken(String why) {
            return new Verdict(ReplicaState.Broken, Optional.of(why));
        }
    }

    private ReplicaHealth() {}

    public static Verdict of(Sight sight, Optional<Long> maxLagBytes) {
        return switch (sight) {
            case Sight.Unreachable() -> Verdict.broken("its host does not answer");
            case Sight.Missing() -> Verdict.broken("its host does not have it");
            case Sight.Stopped() -> Verdict.well(ReplicaState.Stopped);
            case Sight.Down(var words) -> Verdict.broken(words);
            case Sight.Up up -> of(up, maxLagBytes);
        };
    }

    private static Verdict of(Sight.Up up, Optional<Long> maxLagBytes) {
        if (!up.standby()) {
            return Verdict.broken("it was promoted behind our back; rebuild it");
        }
        if (up.slotLost()) {
            return Verdict.broken("it stayed away longer than its slot could wait; rebuild it");
        }
        if (!up.streaming()) {
            return new Verdict(
                    ReplicaState.Syncing, Optional.of("it is not connected to the primary"));
        }
        boolean behind =
                maxLagBytes.isPresent()
                        && up.lagBytes().filter(lag -> lag > maxLagBytes.get()).isPresent();
        return Verdict.well(behind ? ReplicaState.Lagging : ReplicaState.Streaming);
    }
}
