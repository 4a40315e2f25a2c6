package dev.toygres.agentapi;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** What orders answer when they succeed. */
public sealed interface OrderResult
        permits OrderResult.MemberUp,
                OrderResult.EndpointUp,
                OrderResult.Done,
                OrderResult.Fenced,
                OrderResult.Promoted,
                OrderResult.Rejoined,
                OrderResult.Drained,
                OrderResult.Configured,
                OrderResult.Tried,
                OrderResult.Parted,
                OrderResult.Prepared,
                BackupResult {

    /** CreateMember, StartMember, RestartMember: where Postgres listens; its identity. */
    record MemberUp(Address address, String systemIdentifier, long interruptionMs)
            implements OrderResult {}

    /** OpenEndpoint. */
    record EndpointUp(EndpointPorts ports) implements OrderResult {}

    /** ClaimLane, StopMember, DestroyMember, CloseEndpoint. */
    record Done() implements OrderResult {}

    /** FenceMember: where its WAL ends; {@code clean} when it ended with a shutdown checkpoint. */
    record Fenced(String lsn, boolean clean) implements OrderResult {}

    /** PromoteMember. */
    record Promoted(Address address, int timeline, long promotionMs) implements OrderResult {}

    /**
     * RejoinMember: how, and how much it had that the new history does not.
     *
     * @param tail what of that was kept aside (S8)
     */
    record Rejoined(Address address, How how, long divergedBytes, Optional<Tail> tail)
            implements OrderResult {
        /** From the cheapest to the dearest. */
        public enum How {
            Started,
            Rewound,
            Cloned
        }
    }

    /**
     * WAL that only a former primary had.
     *
     * @param place the directory on its host where the segments are kept
     * @param from where the histories part, and {@code to} where its own ended
     * @param transactions that were committed in it, as far as it could be read
     * @param firstAt when the first of them was committed, by the clock of that host
     * @param unread why nobody can say what is in it, and so all WAL that was there is kept; empty
     *     where it was read
     */
    record Tail(
            String place,
            String from,
            String to,
            long bytes,
            long transactions,
            Optional<Instant> firstAt,
            Optional<Instant> lastAt,
            Optional<String> unread) {

        public Tail {
            // One from before it could be unread.
            unread = Objects.requireNonNullElse(unread, Optional.empty());
        }
    }

    /**
     * ConfigureMember: names whose new value waits for a restart; the interruption is 0 without a
     * restart.
     */
    record Configured(boolean restarted, long interruptionMs, java.util.List<String> pending)
            implements OrderResult {
        public Configured {
            pending = java.util.List.copyOf(pending);
        }
    }

    /**
     * TrySettings.
     *
     * @param values what a server that has been started with the settings shows for each of them,
     *     and for those that the member had before, by name
     */
    record Tried(java.util.Map<String, String> values) implements OrderResult {
        public Tried {
            values = java.util.Map.copyOf(values);
        }
    }

    /**
     * DrainMember: sessions that were closed idle, and those that were ended in mid-transaction.
     */
    record Drained(int closedIdle, int endedActive) implements OrderResult {}

    /**
     * PartStandby.
     *
     * @param received what it has safely on its disk
     * @param replayed the end of the last complete record of it
     * @param timeline on which that is
     */
    record Parted(String received, String replayed, int timeline) implements OrderResult {}

    /**
     * Prepare.
     *
     * @param vouchersOutMs for how long a voucher that was given before may still be used
     */
    record Prepared(long vouchersOutMs) implements OrderResult {}
}
