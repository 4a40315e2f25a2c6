package dev.toygres.model.lease;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How the list of electors and the length of a lease change (S4, ADR 12), as a small machine, and
 * every state that it can reach. {@link LeaseModel} shows that no two primaries live at the same
 * time while both stay as they are; here they do not, and all else is as simple as it may be.
 *
 * <p>A primary A, its guard, two replicas B and C. B is the one that fails over to; C vouches
 * whenever asked; B may restart, and then assumes that it has just vouched. The catalogue's list
 * changes in four steps (plan, keep, enforce, confirm), any of which may never happen; an order to
 * keep a list may be lost, late, repeated and overtaken by a newer one, and so may its answer. At
 * any time the term may be opened: from then on no grant is given, and once B is prepared it does
 * not vouch. B is promoted when the catalogue's lease has passed since the last grant, and B's last
 * voucher is over.
 */
final class ElectorateModel {
    /** A rule that is broken on purpose, to see that the search finds what follows. */
    enum Broken {
        /** Who leaves the list may be promoted until the primary has heard of it. */
        SHRUNK_AFTER_THE_PRIMARY,
        /** Who joins the list may be promoted before the primary has heard of it. */
        GROWN_BEFORE_THE_PRIMARY,
        /** A list counts once the primary knows it, before its guard enforces it. */
        ANSWERED_BEFORE_ENFORCED,
        /** The primary takes a list that is older than the one it has. */
        OLDER_LIST_TAKEN,
        /** An answer about a list counts also when the next one was planned meanwhile. */
        LATE_ANSWER_CONFIRMS,
        /** Lists are planned while a term is open. */
        PLANNED_WHILE_A_TERM_IS_OPEN,
        /** Others count with a shorter lease before the primary has heard of it. */
        SHORTER_LEASE_BEFORE_THE_PRIMARY,
        /** What a longer lease has given runs on under a shorter one. */
        LONGER_LEASE_RUNS_ON,
        /** After a restart B reckons with the newest lease that it was told of. */
        RESTART_FORGETS_THE_LONGER_LEASE,
        /** A voucher of a shorter lease counts as long as the longer one that came after it. */
        VOUCHER_OUTLIVES_ITS_REQUEST
    }

    private static final int B = 1;
    private static final int C = 2;
    private static final int LONG = 2;
    private static final int OLD = LONG + 1;

    /** No deadline: a primary without electors needs no lease. */
    private static final int FOREVER = LONG + 1;

    private static final int LISTS = 3;

    // State, by index.
    private static final int PLANNED = 0;
    private static final int ELECTORATE = 1;
    private static final int TTL = 2;
    private static final int KNOWN = 3;
    private static final int ENFORCED = 4;
    private static final int LEFT = 5;
    private static final int GRANT_AGE = 6;
    private static final int B_AGE = 7;
    private static final int C_AGE = 8;
    private static final int B_ASKED = 9;
    private static final int C_ASKED = 10;
    private static final int B_OUT = 11;
    private static final int B_TOLD = 12;
    private static final int TERM = 13;
    private static final int MEMBERS = 14;
    private static final int LENGTH = MEMBERS + LISTS;
    private static final int ANSWERED = LENGTH + LISTS;
    private static final int FIELDS = ANSWERED + LISTS;

    // Of the term.
    private static final int SETTLED = 0;
    private static final int OPEN = 1;
    private static final int PREPARED = 2;

    private final int further;
    private final Set<Broken> broken;

    /**
     * @param further how many lists are planned after the first: one or two
     */
    ElectorateModel(int further, Broken... rules) {
        this.further = further;
        broken = EnumSet.noneOf(Broken.class);
        broken.addAll(Arrays.asList(rules));
    }

    /**
     * @throws IllegalStateException if there are more states than that
     */
    LeaseModel.Outcome explore(int most) {
        var reached = new Reached(most);
        for (int members = 0; members <= (B | C); members++) {
            for (int ttl = 1; ttl <= LONG; ttl++) {
                reached.add(pack(first(members, ttl)), -1);
            }
        }
        for (int node = 0; node < reached.size(); node++) {
            int from = node;
            byte[] state = unpack(reached.state(from));
            if (isViolation(state)) {
                return new LeaseModel.Outcome(
                        reached.size(), Optional.of(reached.way(from, this::steps)));
            }
            successors(state, (next, _) -> reached.add(pack(next), from));
        }
        return new LeaseModel.Outcome(reached.size(), Optional.empty());
    }

    private void steps(long state, Reached.Step each) {
        successors(unpack(state), (next, action) -> each.to(pack(next), action));
    }

    /** A list in force, and a grant of just now. */
    private static byte[] first(int members, int ttl) {
        var s = new byte[FIELDS];
        s[MEMBERS] = (byte) members;
        s[LENGTH] = (byte) ttl;
        s[ELECTORATE] = (byte) members;
        s[TTL] = (byte) ttl;
        s[LEFT] = (byte) (members == 0 ? FOREVER : ttl);
        s[B_AGE] = OLD;
        s[C_AGE] = OLD;
        s[B_TOLD] = (byte) ttl;
        return s;
    }

    /** B may be promoted, and A may still acknowledge. */
    private static boolean isViolation(byte[] s) {
        return s[TERM] == PREPARED && s[GRANT_AGE] >= s[TTL] && s[B_OUT] == 0 && s[LEFT] > 0;
    }

    private interface Successor {
        void to(byte[] next, String action);
    }

    private void successors(byte[] s, Successor all) {
        plan(s, all);
        for (int list = 0; list <= s[PLANNED]; list++) {
            keep(s, list, all);
            confirm(s, list, all);
        }
        enforce(s, all);
        renew(s, all);
        fail(s, all);
        step(s, "tick", ElectorateModel::tick, all);
    }

    private static void step(byte[] s, String action, Consumer<byte[]> change, Successor all) {
        byte[] next = s.clone();
        change.accept(next);
        all.to(next, action);
    }

    /** Who leaves is off the catalogue's list at once; a longer lease is waited for at once. */
    private void plan(byte[] s, Successor all) {
        boolean settled =
                s[TERM] == SETTLED || broken.contains(Broken.PLANNED_WHILE_A_TERM_IS_OPEN);
        if (s[PLANNED] == further || !settled) {
            return;
        }
        for (int members = 0; members <= (B | C); members++) {
            for (int ttl = 1; ttl <= LONG; ttl++) {
                byte[] next = s.clone();
                int list = ++next[PLANNED];
                next[MEMBERS + list] = (byte) members;
                next[LENGTH + list] = (byte) ttl;
                next[TTL] = (byte) Math.max(s[TTL], ttl);
                next[ELECTORATE] = (byte) (s[ELECTORATE] & members);
                if ((members & B) != 0) {
                    boolean forgets = broken.contains(Broken.RESTART_FORGETS_THE_LONGER_LEASE);
                    next[B_TOLD] = (byte) (forgets ? ttl : Math.max(s[B_TOLD], ttl));
                }
                if (broken.contains(Broken.SHRUNK_AFTER_THE_PRIMARY)) {
                    next[ELECTORATE] = s[ELECTORATE];
                }
                if (broken.contains(Broken.GROWN_BEFORE_THE_PRIMARY)) {
                    next[ELECTORATE] = (byte) members;
                }
                if (broken.contains(Broken.SHORTER_LEASE_BEFORE_THE_PRIMARY)) {
                    next[TTL] = (byte) ttl;
                }
                all.to(next, "plan list " + list + " of " + members + " for " + ttl);
            }
        }
    }

    /** The order arrives, for the first time or again. */
    private void keep(byte[] s, int list, Successor all) {
        if (list > s[KNOWN] || (list < s[KNOWN] && broken.contains(Broken.OLDER_LIST_TAKEN))) {
            step(
                    s,
                    "A learns of list " + list,
                    next -> {
                        next[KNOWN] = (byte) list;
                        extend(next);
                    },
                    all);
        }
        boolean inForce = s[ENFORCED] == list || broken.contains(Broken.ANSWERED_BEFORE_ENFORCED);
        if (s[KNOWN] == list && inForce && s[ANSWERED + list] == 0) {
            step(s, "A keeps list " + list, next -> next[ANSWERED + list] = 1, all);
        }
    }

    /** The guard takes notice of what A knows. */
    private void enforce(byte[] s, Successor all) {
        if (s[ENFORCED] == s[KNOWN]) {
            return;
        }
        step(
                s,
                "the guard enforces list " + s[KNOWN],
                next -> {
                    next[ENFORCED] = s[KNOWN];
                    int fence = fence(next);
                    if (s[LEFT] == FOREVER || fence == FOREVER) {
                        next[LEFT] = (byte) fence;
                    } else if (!broken.contains(Broken.LONGER_LEASE_RUNS_ON)) {
                        next[LEFT] = (byte) Math.min(s[LEFT], fence);
                    }
                },
                all);
    }

    /** The catalogue's list is the one that A keeps. */
    private void confirm(byte[] s, int list, Successor all) {
        boolean newest = s[PLANNED] == list || broken.contains(Broken.LATE_ANSWER_CONFIRMS);
        if (s[ANSWERED + list] == 1 && newest && s[TERM] == SETTLED) {
            step(
                    s,
                    "list " + list + " is confirmed",
                    next -> {
                        next[ELECTORATE] = s[MEMBERS + list];
                        next[TTL] = s[LENGTH + list];
                    },
                    all);
        }
    }

    private void renew(byte[] s, Successor all) {
        if (s[TERM] == SETTLED) {
            step(
                    s,
                    "grant",
                    next -> {
                        next[GRANT_AGE] = 0;
                        extend(next);
                    },
                    all);
        }
        int asked = s[MEMBERS + s[KNOWN]];
        byte ttl = s[LENGTH + s[KNOWN]];
        if ((asked & B) != 0 && s[TERM] != PREPARED) {
            step(
                    s,
                    "B vouches",
                    next -> {
                        next[B_AGE] = 0;
                        next[B_ASKED] = ttl;
                        next[B_OUT] = (byte) Math.max(s[B_OUT], ttl);
                        extend(next);
                    },
                    all);
        }
        if (s[B_OUT] != s[B_TOLD]) {
            step(s, "B restarts", next -> next[B_OUT] = s[B_TOLD], all);
        }
        if ((asked & C) != 0) {
            step(
                    s,
                    "C vouches",
                    next -> {
                        next[C_AGE] = 0;
                        next[C_ASKED] = ttl;
                        extend(next);
                    },
                    all);
        }
    }

    private void extend(byte[] s) {
        s[LEFT] = (byte) Math.max(s[LEFT], fence(s));
    }

    /** What is left by the last grant, or by the oldest of all vouchers. */
    private int fence(byte[] s) {
        int members = s[MEMBERS + s[KNOWN]];
        int ttl = s[LENGTH + s[KNOWN]];
        if (members == 0) {
            return FOREVER;
        }
        int vouched =
                Math.min(
                        (members & B) == 0 ? LONG : voucher(ttl, s[B_ASKED], s[B_AGE]),
                        (members & C) == 0 ? LONG : voucher(ttl, s[C_ASKED], s[C_AGE]));
        return Math.max(0, Math.max(ttl - s[GRANT_AGE], vouched));
    }

    private int voucher(int ttl, int asked, int age) {
        return broken.contains(Broken.VOUCHER_OUTLIVES_ITS_REQUEST)
                ? ttl - age
                : Math.min(ttl, asked) - age;
    }

    /** Only who is on the catalogue's list may be promoted by an expiry. */
    private static void fail(byte[] s, Successor all) {
        if (s[TERM] == SETTLED && (s[ELECTORATE] & B) != 0) {
            step(s, "the term is opened", next -> next[TERM] = OPEN, all);
        }
        if (s[TERM] == OPEN) {
            step(s, "B is prepared", next -> next[TERM] = PREPARED, all);
        }
    }

    private static void tick(byte[] s) {
        for (int age : new int[] {GRANT_AGE, B_AGE, C_AGE}) {
            s[age] = (byte) Math.min(OLD, s[age] + 1);
        }
        s[B_OUT] = (byte) Math.max(0, s[B_OUT] - 1);
        s[LEFT] = (byte) (s[LEFT] == FOREVER ? FOREVER : Math.max(0, s[LEFT] - 1));
    }

    /** Two bits for each field; all have at most four values. */
    private static long pack(byte[] s) {
        long number = 0;
        for (int i = FIELDS - 1; i >= 0; i--) {
            number = (number << 2) | s[i];
        }
        return number;
    }

    private static byte[] unpack(long number) {
        var s = new byte[FIELDS];
        for (int i = 0; i < FIELDS; i++) {
            s[i] = (byte) ((number >>> (2 * i)) & 3);
        }
        return s;
    }
}
