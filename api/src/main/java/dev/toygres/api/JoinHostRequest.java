package dev.toygres.api;

/**
 * POST /hosts:join, authenticated by the join token itself.
 *
 * @param address where its agent will listen
 * @param certificateRequest PKCS#10, PEM: the key never leaves the host
 */
public record JoinHostRequest(
        String token,
        String hostId,
        String region,
        String availabilityZone,
        Address address,
        String certificateRequest) {
    /** Records get into logs; this one without its secret. */
    @Override
    public String toString() {
        return "JoinHostRequest[" + hostId + ", " + address + "]";
    }
}
