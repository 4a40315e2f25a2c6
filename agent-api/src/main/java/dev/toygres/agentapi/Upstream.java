package dev.toygres.agentapi;

/**
 * Where a replica gets its WAL from.
 *
 * @param slot the replica's own physical slot there (S10)
 * @param password of the replication role; goes into a passfile of the replica, nowhere else
 */
public record Upstream(Address address, String user, String password, String slot) {
    @Override
    public String toString() {
        return "Upstream[" + address + ", slot " + slot + "]";
    }
}
