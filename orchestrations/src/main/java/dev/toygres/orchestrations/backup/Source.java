package dev.toygres.orchestrations.backup;

/**
 * From which member a backup is taken.
 *
 * @param primaryId itself where there is no replica that is fresh enough
 */
record Source(String memberId, String host, String primaryId, String primaryHost, long term) {
    boolean isReplica() {
        return !memberId.equals(primaryId);
    }
}
