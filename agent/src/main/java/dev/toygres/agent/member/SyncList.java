package dev.toygres.agent.member;

import java.util.List;
import java.util.stream.Collectors;

/** Whom commits wait for: any {@code number} of these application names. */
record SyncList(int number, List<String> names) {
    static final SyncList NONE = new SyncList(0, List.of());

    SyncList {
        names = List.copyOf(names);
    }

    /** Of an order: a list that nobody could satisfy is a mistake. */
    static SyncList of(int number, List<String> names) {
        if (names.isEmpty()) {
            return NONE;
        }
        if (number < 1 || number > names.size()) {
            throw new OrderFailed("commits cannot wait for " + number + " of " + names);
        }
        return new SyncList(number, names);
    }

    /** The value of synchronous_standby_names. */
    String text() {
        return names.isEmpty()
                ? ""
                : names.stream()
                        .map(name -> "\"" + name.replace("\"", "\"\"") + "\"")
                        .collect(Collectors.joining(", ", "ANY " + number + " (", ")"));
    }
}
