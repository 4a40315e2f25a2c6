package dev.toygres.orchestrations.host;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.model.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The desk for hosts. */
public interface Hosts {

    /** A right, good once and for an hour, to join a host. */
    Ticket ticket();

    /**
     * Takes a host in, or gives a known one a new certificate (same id, address updated).
     *
     * @param certificateRequest PKCS#10, PEM
     */
    Joined join(
            Secret ticket,
            String hostId,
            String region,
            String availabilityZone,
            Address address,
            String certificateRequest);

    List<HostView> list();

    /**
     * Refused while it holds anything, with what that is.
     *
     * @param force it is gone for good, says the caller: what is left there to be destroyed is
     *     forgotten with it, and addresses there are opened elsewhere; members hold it all the same
     */
    void forget(String hostId, boolean force);

    /** A ticket; only its hash is kept. */
    record Ticket(Secret value, Instant expiresAt) {}

    /** PEM. */
    record Joined(String certificate, String authority) {}

    /**
     * A host as the catalogue knows it, and as its agent last answered.
     *
     * @param unknownMembers on its disk but not in the catalogue
     * @param missingMembers in the catalogue but not on its disk
     * @param leftovers what is destroyed there once it answers
     */
    record HostView(
            String id,
            String region,
            String availabilityZone,
            Address address,
            boolean reachable,
            Optional<Instant> lastSeenAt,
            Optional<HostStatus> status,
            List<String> unknownMembers,
            List<String> missingMembers,
            List<String> leftovers) {}
}
