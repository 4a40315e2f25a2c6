package dev.toygres.model.lease;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The lease protocol (ADR 12) as a small machine, and every state that it can reach.
 *
 * <p>One primary A, one candidate B, one or two servers; any further elector vouches whenever
 * asked, which is the worst that it can do. Every message may be lost (never delivered), late,
 * repeated and overtaken: each channel keeps the freshest message for as long as it could matter
 * and may deliver it at any time, also one that has become older meanwhile. Whoever does nothing
 * for a while is paused. A's clock may lose a tick against all others, once in {@link #DRIFT}
 * ticks.
 *
 * <p>Times are relative, so the states are finitely many and the search ends by itself: a lease is
 * what is left of it on A's clock, everything of B and the servers an age in true time.
 */
final class LeaseModel {
    /** A rule that is broken on purpose, to see that the search finds what follows. */
    enum Broken {
        /** A grant or voucher counts from when it was received. */
        RECEIPT_INSTEAD_OF_STAMP,
        /** B is not asked to cease vouching. */
        NO_PREPARE,
        /** B ceases to vouch, but its last voucher is not waited for. */
        VOUCHERS_NOT_WAITED_FOR,
        /** B forgets in a restart that it has just vouched. */
        RESTART_FORGETS_VOUCHER,
        /** B forgets in a restart that it is prepared. */
        RESTART_FORGETS_PREPARE,
        /** Any elector's voucher is enough. */
        ANY_VOUCHER_IS_ENOUGH,
        /** The promotion does not wait for the last grant. */
        GRANTS_NOT_WAITED_FOR,
        /** The servers go on renewing while the wait goes on. */
        NOT_WITHHELD,
        /** A server grants on whatever it once read of the catalogue. */
        STALE_VIEW,
        /** A server that became the keeper just now counts only its own grants. */
        FORMER_KEEPER_FORGOTTEN,
        /** A server that thinks itself the keeper does not ask whether it still is. */
        RIGHT_NOT_HELD,
        /** No margin for clocks of different rates. */
        NO_MARGIN,
        /** The term is given back to A although a promotion was sent. */
        ABANDONED_AFTER_PROMOTE,
        /** After its deadline B still obeys a promotion, though it vouches again. */
        DEADLINE_NOT_KEPT
    }

    static final int DRIFT = 4;
    private static final int VIEW = 1;
    private static final int RIGHT = 2;

    // State, by index.
    private static final int SKIP = 0;
    private static final int GRANT = 1;
    private static final int VOUCHER = 2;
    private static final int NET_GRANT = 3;
    private static final int NET_VOUCHER = 4;
    private static final int ADOPTED = 5;
    private static final int OWNER = 6;
    private static final int RIGHT_AGE = 7;
    private static final int PREPARED = 8;
    private static final int PREPARED_AGE = 9;
    private static final int REFUSED = 10;
    private static final int VOUCHED_AGE = 11;
    private static final int PROMOTED = 12;
    private static final int PHASE = 13;
    private static final int PREPARE_SENT = 14;
    private static final int PROMOTE_SENT = 15;
    private static final int SERVERS = 16;
    // Of each server.
    private static final int CHALLENGE = 0;
    private static final int CHALLENGE_AGE = 1;
    private static final int ANSWERED_AGE = 2;
    private static final int VIEW_AGE = 3;
    private static final int VIEW_WITHHELD = 4;
    private static final int MINE = 5;
    private static final int MINE_AGE = 6;
    private static final int MARK = 7;
    private static final int MARK_AGE = 8;
    private static final int HELD = 9;
    private static final int EACH = 10;

    // Phases of the failover.
    private static final int SETTLED = 0;
    private static final int OPEN = 1;
    private static final int GIVEN_BACK = 2;

    private final int ttl;
    private final int servers;
    private final int deadline;
    private final Set<Broken> broken;
    private final int over;
    private final int anybody;
    private final int[] sizes;

    /** Whether a message may lie in the network for a while. */
    private final boolean late;

    /**
     * With two servers what arrives, arrives at once: as the stamp is what counts, a message that
     * is late lets A live less long than one that is not, and changes nothing else.
     */
    LeaseModel(int ttl, int servers, Broken... rules) {
        this.ttl = ttl;
        this.servers = servers;
        this.broken = EnumSet.noneOf(Broken.class);
        broken.addAll(Arrays.asList(rules));
        deadline = 2;
        over = ttl + 1;
        anybody = VIEW + ttl + 1;
        sizes = sizes();
        late = servers == 1;
    }

    /** What the search found: how many states, and the way to a violation if there is one. */
    record Outcome(int states, Optional<String> violation) {}

    /**
     * @throws IllegalStateException if there are more states than that
     */
    Outcome explore(int most) {
        var reached = new Reached(most);
        reached.add(pack(first()), -1);
        for (int node = 0; node < reached.size(); node++) {
            int from = node;
            byte[] state = unpack(reached.state(from));
            if (isViolation(state)) {
                return new Outcome(reached.size(), Optional.of(reached.way(from, this::steps)));
            }
            if (canStillPromote(state)) {
                successors(state, (next, action) -> reached.add(pack(next), from));
            }
        }
        return new Outcome(reached.size(), Optional.empty());
    }

    /** From a settled end nothing can go wrong any more. */
    private static boolean canStillPromote(byte[] s) {
        return s[PHASE] != GIVEN_BACK || s[PROMOTE_SENT] == 1;
    }

    private void steps(long state, Reached.Step each) {
        successors(unpack(state), (next, action) -> each.to(pack(next), action));
    }

    /**
     * A state as one number. Servers are alike, so of two states that differ in their names only
     * one is kept; what no rule looks at any more is forgotten.
     */
    private long pack(byte[] state) {
        byte[] s = state.clone();
        for (int i = 0; i < servers; i++) {
            forget(s, SERVERS + i * EACH);
        }
        long named = number(s);
        if (servers < 2) {
            return named;
        }
        byte[] swapped = s.clone();
        System.arraycopy(s, SERVERS, swapped, SERVERS + EACH, EACH);
        System.arraycopy(s, SERVERS + EACH, swapped, SERVERS, EACH);
        swapped[OWNER] = (byte) (s[OWNER] == 0 ? 0 : 3 - s[OWNER]);
        return Math.min(named, number(swapped));
    }

    private void forget(byte[] s, int at) {
        if (s[at + CHALLENGE] == 0) {
            s[at + CHALLENGE_AGE] = (byte) over;
        }
        if (s[at + MINE] == 0) {
            s[at + MINE_AGE] = 0;
        }
    }

    private long number(byte[] s) {
        long number = 0;
        for (int i = s.length - 1; i >= 0; i--) {
            number = number * sizes[i] + s[i];
        }
        return number;
    }

    private byte[] unpack(long number) {
        var s = new byte[sizes.length];
        long rest = number;
        for (int i = 0; i < s.length; i++) {
            s[i] = (byte) (rest % sizes[i]);
            rest /= sizes[i];
        }
        return s;
    }

    /** How many values each field of a state has. */
    private int[] sizes() {
        var all = new int[SERVERS + servers * EACH];
        Arrays.fill(all, 2);
        all[SKIP] = DRIFT + 1;
        for (int left : new int[] {GRANT, VOUCHER, NET_GRANT, NET_VOUCHER}) {
            all[left] = ttl + 1;
        }
        all[OWNER] = servers + 1;
        all[RIGHT_AGE] = RIGHT + 1;
        all[PREPARED_AGE] = deadline + 1;
        all[VOUCHED_AGE] = over + 1;
        all[PHASE] = GIVEN_BACK + 1;
        for (int at = SERVERS; at < all.length; at += EACH) {
            all[at + CHALLENGE] = ttl + 1;
            all[at + CHALLENGE_AGE] = over + 1;
            all[at + ANSWERED_AGE] = over + 1;
            all[at + VIEW_AGE] = VIEW + 2;
            all[at + MINE_AGE] = 2 * anybody + 2;
            all[at + MARK_AGE] = anybody + 1;
        }
        return all;
    }

    private byte[] first() {
        var s = new byte[SERVERS + servers * EACH];
        s[SKIP] = DRIFT;
        s[VOUCHED_AGE] = (byte) over;
        for (int i = 0; i < servers; i++) {
            var at = SERVERS + i * EACH;
            s[at + CHALLENGE_AGE] = (byte) over;
            s[at + ANSWERED_AGE] = (byte) over;
            s[at + VIEW_AGE] = VIEW + 1;
        }
        // The first server has been the keeper for long.
        s[OWNER] = 1;
        s[SERVERS + MINE] = 1;
        s[SERVERS + MINE_AGE] = (byte) (2 * anybody + 1);
        return s;
    }

    /** Whether A may acknowledge a commit: its guard lets it live (S2). */
    private boolean lives(byte[] s) {
        var byElectors = broken.contains(Broken.ANY_VOUCHER_IS_ENOUGH) || s[VOUCHER] > 0;
        return s[GRANT] > 0 || byElectors;
    }

    private boolean isViolation(byte[] s) {
        return s[PROMOTED] == 1 && lives(s);
    }

    @FunctionalInterface
    private interface Taken {
        void to(byte[] next, String action);
    }

    private static void step(byte[] s, Taken taken, String action, Consumer<byte[]> change) {
        var next = s.clone();
        change.accept(next);
        taken.to(next, action);
    }

    private void successors(byte[] s, Taken taken) {
        step(s, taken, "tick", next -> tick(next, false));
        if (s[SKIP] == DRIFT) {
            step(s, taken, "tick but not on A", next -> tick(next, true));
        }
        primary(s, taken);
        candidate(s, taken);
        for (int i = 0; i < servers; i++) {
            server(s, taken, i);
            failover(s, taken, i);
        }
    }

    private void tick(byte[] s, boolean skipped) {
        s[SKIP] = (byte) (skipped ? 1 : Math.min(DRIFT, s[SKIP] + 1));
        if (!skipped) {
            for (int left : new int[] {GRANT, VOUCHER, NET_GRANT, NET_VOUCHER}) {
                s[left] = (byte) Math.max(0, s[left] - 1);
            }
        }
        if (servers > 1) {
            age(s, RIGHT_AGE, RIGHT);
        }
        age(s, VOUCHED_AGE, over);
        if (s[PREPARED] == 1) {
            age(s, PREPARED_AGE, deadline);
        }
        for (int i = 0; i < servers; i++) {
            var at = SERVERS + i * EACH;
            if (!skipped) {
                s[at + CHALLENGE] = (byte) Math.max(0, s[at + CHALLENGE] - 1);
            }
            age(s, at + CHALLENGE_AGE, over);
            age(s, at + ANSWERED_AGE, over);
            age(s, at + VIEW_AGE, VIEW + 1);
            if (s[at + MINE] == 1) {
                age(s, at + MINE_AGE, 2 * anybody + 1);
            }
            if (s[at + MARK] == 1) {
                age(s, at + MARK_AGE, anybody);
            }
        }
    }

    private static void age(byte[] s, int at, int most) {
        s[at] = (byte) Math.min(most, s[at] + 1);
    }

    /** What A receives; a late message is one that has less left, as its stamp is what counts. */
    private void primary(byte[] s, Taken taken) {
        boolean byReceipt = broken.contains(Broken.RECEIPT_INSTEAD_OF_STAMP);
        if (s[NET_GRANT] > 0) {
            step(
                    s,
                    taken,
                    "A receives a grant",
                    next -> next[GRANT] = byReceipt ? (byte) ttl : max(s[GRANT], s[NET_GRANT]));
        }
        if (s[NET_VOUCHER] > 0) {
            step(
                    s,
                    taken,
                    "A receives a voucher",
                    next ->
                            next[VOUCHER] =
                                    byReceipt ? (byte) ttl : max(s[VOUCHER], s[NET_VOUCHER]));
        }
    }

    private static byte max(byte one, byte two) {
        return (byte) Math.max(one, two);
    }

    private void candidate(byte[] s, Taken taken) {
        // B's vow is for the settled term: once A has adopted the open one, B has to vow anew.
        boolean vouches = s[PREPARED] == 0 && s[PROMOTED] == 0 && s[ADOPTED] == 0;
        if (vouches) {
            // A question that is late only makes the voucher shorter, and B's account of it longer.
            step(
                    s,
                    taken,
                    "B is asked and vouches",
                    next -> {
                        next[late ? NET_VOUCHER : VOUCHER] = (byte) ttl;
                        next[VOUCHED_AGE] = 0;
                    });
        }
        if (s[PREPARE_SENT] == 1 && s[REFUSED] == 0 && s[PREPARED] == 0 && s[PROMOTED] == 0) {
            step(
                    s,
                    taken,
                    "B prepares",
                    next -> {
                        next[PREPARED] = 1;
                        next[PREPARED_AGE] = 0;
                    });
        }
        if (s[PREPARED] == 1 && s[PREPARED_AGE] >= deadline && s[PROMOTED] == 0) {
            step(
                    s,
                    taken,
                    "B's deadline passes",
                    next -> {
                        next[PREPARED] = 0;
                        next[PREPARED_AGE] = 0;
                        next[REFUSED] = 1;
                    });
        }
        if (s[PHASE] == GIVEN_BACK && s[REFUSED] == 0 && s[PROMOTED] == 0) {
            step(
                    s,
                    taken,
                    "B vows for A in the new term",
                    next -> {
                        next[PREPARED] = 0;
                        next[PREPARED_AGE] = 0;
                        next[REFUSED] = 1;
                    });
        }
        boolean obeys = s[REFUSED] == 0 || broken.contains(Broken.DEADLINE_NOT_KEPT);
        if (s[PROMOTE_SENT] == 1 && obeys && s[PROMOTED] == 0) {
            step(s, taken, "B is promoted", next -> next[PROMOTED] = 1);
        }
        if (s[PROMOTED] == 0) {
            step(s, taken, "B's agent restarts", next -> restart(next));
        }
    }

    private void restart(byte[] s) {
        s[VOUCHED_AGE] = broken.contains(Broken.RESTART_FORGETS_VOUCHER) ? (byte) over : 0;
        if (broken.contains(Broken.RESTART_FORGETS_PREPARE)) {
            s[PREPARED] = 0;
            s[PREPARED_AGE] = 0;
        }
    }

    private void server(byte[] s, Taken taken, int i) {
        var at = SERVERS + i * EACH;
        step(
                s,
                taken,
                "server %d gets a challenge".formatted(i),
                next -> {
                    next[at + CHALLENGE] = (byte) ttl;
                    next[at + CHALLENGE_AGE] = 0;
                });
        step(s, taken, "server %d looks".formatted(i), next -> look(next, i));
        boolean fresh = s[at + VIEW_AGE] <= VIEW - 1 || broken.contains(Broken.STALE_VIEW);
        boolean withheld = s[at + VIEW_WITHHELD] == 1 || s[at + MARK] == 1;
        boolean goesOn = broken.contains(Broken.NOT_WITHHELD);
        if (s[at + CHALLENGE] > 0 && s[at + MINE] == 1 && fresh && (!withheld || goesOn)) {
            step(
                    s,
                    taken,
                    "server %d grants".formatted(i),
                    next -> {
                        int to = late ? NET_GRANT : GRANT;
                        next[to] = max(s[to], s[at + CHALLENGE]);
                        next[at + ANSWERED_AGE] =
                                (byte) Math.min(s[at + ANSWERED_AGE], s[at + CHALLENGE_AGE]);
                    });
        }
    }

    /** Takes or keeps the right, and reads whether the lease is withheld, in one transaction. */
    private void look(byte[] s, int i) {
        var at = SERVERS + i * EACH;
        boolean kept = s[OWNER] == i + 1;
        boolean taken = !kept && (s[OWNER] == 0 || s[RIGHT_AGE] >= RIGHT);
        if (taken || !kept) {
            s[at + MINE_AGE] = 0;
        }
        s[at + MINE] = (byte) (kept || taken ? 1 : 0);
        if (kept || taken) {
            s[OWNER] = (byte) (i + 1);
            s[RIGHT_AGE] = 0;
        }
        s[at + VIEW_AGE] = 0;
        s[at + VIEW_WITHHELD] = (byte) (s[PHASE] == OPEN ? 1 : 0);
        if (s[PHASE] != OPEN) {
            s[at + MARK] = 0;
            s[at + MARK_AGE] = 0;
            s[at + HELD] = 0;
        }
    }

    private void failover(byte[] s, Taken taken, int i) {
        var at = SERVERS + i * EACH;
        if (s[PHASE] == SETTLED) {
            step(s, taken, "the term is opened and the lease withheld", next -> next[PHASE] = OPEN);
        }
        if (s[PHASE] != OPEN) {
            return;
        }
        step(s, taken, "prepare is sent", next -> next[PREPARE_SENT] = 1);
        if (s[at + MARK] == 0) {
            step(s, taken, "server %d begins to wait".formatted(i), next -> mark(next, i));
        }
        if (isProven(s, at)) {
            step(
                    s,
                    taken,
                    "server %d orders the promotion".formatted(i),
                    next -> next[PROMOTE_SENT] = 1);
        }
        if (s[PROMOTE_SENT] == 0 || broken.contains(Broken.ABANDONED_AFTER_PROMOTE)) {
            step(
                    s,
                    taken,
                    "A adopts the term",
                    next -> {
                        next[PHASE] = GIVEN_BACK;
                        next[ADOPTED] = 1;
                        // What was granted for the old term counts no more.
                        next[GRANT] = 0;
                        next[VOUCHER] = 0;
                        next[NET_GRANT] = 0;
                        next[NET_VOUCHER] = 0;
                        for (int j = 0; j < servers; j++) {
                            next[SERVERS + j * EACH + CHALLENGE] = 0;
                        }
                    });
        }
    }

    /** The catalogue takes note that the lease is withheld, and tells whose the right is then. */
    private void mark(byte[] s, int i) {
        var at = SERVERS + i * EACH;
        s[at + MARK] = 1;
        boolean held = s[at + MINE] == 1 && s[OWNER] == i + 1;
        s[at + HELD] = (byte) (held || broken.contains(Broken.RIGHT_NOT_HELD) ? 1 : 0);
    }

    /** As LeaseEvidence and LeaseKeeper.overAt. */
    private boolean isProven(byte[] s, int at) {
        int margin = broken.contains(Broken.NO_MARGIN) ? 0 : 1;
        return s[at + MARK] == 1 && areGrantsOver(s, at, margin) && areVouchersOver(s, margin);
    }

    private boolean areGrantsOver(byte[] s, int at, int margin) {
        if (broken.contains(Broken.GRANTS_NOT_WAITED_FOR)) {
            return true;
        }
        int all = VIEW + ttl + margin;
        boolean ours = s[at + MINE] == 1 && s[at + HELD] == 1;
        boolean alone =
                ours
                        && (s[at + MINE_AGE] - s[at + MARK_AGE] > all
                                || broken.contains(Broken.FORMER_KEEPER_FORGOTTEN));
        return s[at + MARK_AGE] >= all || (alone && s[at + ANSWERED_AGE] >= ttl + margin);
    }

    private boolean areVouchersOver(byte[] s, int margin) {
        boolean ceased = s[PREPARED] == 1 || broken.contains(Broken.NO_PREPARE);
        boolean over =
                s[VOUCHED_AGE] >= ttl + margin || broken.contains(Broken.VOUCHERS_NOT_WAITED_FOR);
        return ceased && over;
    }
}
