package dev.toygres.agentapi;

/**
 * How a standby's host reaches the primary's for one backup: what ServeBackup answered. The
 * identities are made for that backup alone; the caller's lives on the wire and in the files of the
 * work, and opens nothing else.
 *
 * @param dataDirectory of the primary, on its host
 * @param port of the primary's Postgres
 * @param service where its host listens for this backup
 * @param authority PEM of what both sides' certificates are checked with
 * @param certificate PEM, of the caller
 * @param key PEM, of the caller
 * @param configuration of the engine, on the primary's host
 */
public record BackupPeer(
        String dataDirectory,
        int port,
        Address service,
        String authority,
        String certificate,
        String key,
        String configuration) {
    @Override
    public String toString() {
        return "BackupPeer[" + service + "]";
    }
}
