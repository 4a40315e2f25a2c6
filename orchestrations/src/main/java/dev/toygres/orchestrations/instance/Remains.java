package dev.toygres.orchestrations.instance;

import java.util.List;
import java.util.Optional;

/**
 * What there is of an instance on hosts.
 *
 * @param members replicas first
 * @param endpointHost where its addresses are, or may be
 */
record Remains(long term, List<Primary> members, Optional<String> endpointHost) {}
