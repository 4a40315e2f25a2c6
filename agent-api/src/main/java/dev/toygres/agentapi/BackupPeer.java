package dev.toygres.agentapi;

/**
 * How a standby's host reaches the primary's for a backup: what ServeBackup answered.
 *
 * @param dataDirectory of the primary, on its host
 * @param address of the primary's Postgres
 * @param service where its host listens for backups
 * @param key what a caller must show; lives on the wire only
 */
public record BackupPeer(
        String dataDirectory, Address address, Address service, String key, String configuration) {
    @Override
    public String toString() {
        return "BackupPeer[" + service + "]";
    }
}
