package dev.toygres.agentapi;

import dev.toygres.model.Lane;

/**
 * An order with what makes it safe. Tokens only grow per subject (member or endpoint) and lane; an
 * agent refuses an order whose token is lower than the highest that it has durably seen there.
 *
 * @param subject the member id, or for endpoint orders the instance id
 * @param attempt a failed job is run again only by a higher attempt
 */
public record OrderEnvelope(String subject, Lane lane, long token, int attempt, Order order) {}
