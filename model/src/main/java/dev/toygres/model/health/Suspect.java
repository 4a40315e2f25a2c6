package dev.toygres.model.health;

/**
 * A possible primary (S1): the incumbent of the last settled term, or a member to which a promote
 * may have been sent since.
 *
 * @param term the highest in which it may have been primary
 */
public record Suspect(String instanceId, String memberId, String hostId, long term) {}
