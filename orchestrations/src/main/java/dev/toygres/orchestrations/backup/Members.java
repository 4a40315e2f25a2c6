package dev.toygres.orchestrations.backup;

import java.util.Comparator;
import java.util.List;

/** The members of an instance that archive, and where to. */
record Members(String instanceId, String repositoryId, long term, List<One> all) {
    /** A member. */
    record One(String id, String host, boolean primary) {}

    /** The primary's first: what it sees is what the others have to see. */
    List<String> hosts() {
        return all.stream()
                .sorted(Comparator.comparing(One::primary).reversed().thenComparing(One::host))
                .map(One::host)
                .distinct()
                .toList();
    }

    /** So that whoever is promoted meanwhile archives already. */
    List<One> standbysFirst() {
        return all.stream()
                .sorted(Comparator.comparing(One::primary).thenComparing(One::id))
                .toList();
    }

    One primary() {
        return all.stream().filter(One::primary).findFirst().orElseThrow();
    }
}
