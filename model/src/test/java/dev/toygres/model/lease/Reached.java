package dev.toygres.model.lease;

import java.util.ArrayDeque;
import java.util.Arrays;

/** The states that a search has reached, in the order of reaching them, and from which. */
final class Reached {
    private final int most;
    private long[] states = new long[1 << 10];
    private int[] froms = new int[1 << 10];
    private int size;

    /** Open addressing; a slot has the index of a state, plus one. */
    private int[] slots = new int[1 << 12];

    Reached(int most) {
        this.most = most;
    }

    int size() {
        return size;
    }

    long state(int index) {
        return states[index];
    }

    int from(int index) {
        return froms[index];
    }

    /** Does nothing if it is known. */
    void add(long state, int from) {
        int slot = slot(state);
        if (slots[slot] != 0) {
            return;
        }
        if (size == most) {
            throw new IllegalStateException("more than " + most + " states");
        }
        if (size == states.length) {
            states = Arrays.copyOf(states, size * 2);
            froms = Arrays.copyOf(froms, size * 2);
        }
        states[size] = state;
        froms[size] = from;
        slots[slot] = ++size;
        if (size > slots.length / 2) {
            grow();
        }
    }

    /** From a state to the next one. */
    interface Step {
        void to(long next, String action);
    }

    /** All that lead from a state. */
    interface Steps {
        void of(long state, Step each);
    }

    /** The actions that lead there: found again by taking each step that there was. */
    String way(int last, Steps steps) {
        var way = new ArrayDeque<String>();
        for (int to = last; from(to) >= 0; to = from(to)) {
            long wanted = state(to);
            var actions = new ArrayDeque<String>();
            steps.of(
                    state(from(to)),
                    (next, action) -> {
                        if (next == wanted) {
                            actions.add(action);
                        }
                    });
            way.push(actions.getFirst());
        }
        return String.join(", ", way);
    }

    private int slot(long state) {
        long mixed = state * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & (slots.length - 1);
        while (slots[slot] != 0 && states[slots[slot] - 1] != state) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private void grow() {
        slots = new int[slots.length * 2];
        for (int i = 0; i < size; i++) {
            slots[slot(states[i])] = i + 1;
        }
    }
}
