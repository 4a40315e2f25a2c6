package dev.toygres.orchestrations.leftover;

import dev.toygres.store.LeftoverRow;

/**
 * Something to destroy on a host.
 *
 * @param id of the member; of an endpoint the instance's
 * @param term the last that it can have heard of
 */
public record Leftover(
        String hostId, LeftoverRow.Kind kind, String id, String instanceId, long term) {

    static Leftover member(String hostId, String memberId, String instanceId, long term) {
        return new Leftover(hostId, LeftoverRow.Kind.Member, memberId, instanceId, term);
    }

    public static Leftover endpoint(String hostId, String instanceId, long term) {
        return new Leftover(hostId, LeftoverRow.Kind.Endpoint, instanceId, instanceId, term);
    }
}
