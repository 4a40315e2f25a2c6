package dev.toygres.orchestrations.backup;

import java.util.Comparator;
import java.util.List;

/** The members of an instance that archive, and where to. */
record Members(String instanceId, String repositoryId, long term, List<One> all) {
    /** A member. */
    record One(String id, String host, boolean primary) {}

    List<String> hosts() {
        return all.stream().map(One::host).distinct().sorted().toList();
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
