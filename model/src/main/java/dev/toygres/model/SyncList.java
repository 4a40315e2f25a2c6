package dev.toygres.model;

import java.util.List;

/**
 * Which replicas gate commits (D8): {@code ANY 1} of the sync ones. Strict names all of them, so
 * that commits wait when none is left; preferred names none when none streams.
 */
public final class SyncList {

    /** A replica that is not the primary. */
    public record Standby(String id, ReplicationMode mode, boolean streaming) {}

    private SyncList() {}

    public static List<String> of(Durability durability, List<Standby> standbys) {
        List<Standby> sync =
                standbys.stream().filter(one -> one.mode() == ReplicationMode.Sync).toList();
        boolean gated =
                switch (durability) {
                    case strict -> true;
                    case preferred -> sync.stream().anyMatch(Standby::streaming);
                };
        return gated ? sync.stream().map(Standby::id).sorted().toList() : List.of();
    }
}
