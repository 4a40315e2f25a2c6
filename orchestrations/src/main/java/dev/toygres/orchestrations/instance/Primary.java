package dev.toygres.orchestrations.instance;

/** Which member is primary, and where: what an order needs to find it. */
public record Primary(String instanceId, String memberId, String hostId, long term) {}
