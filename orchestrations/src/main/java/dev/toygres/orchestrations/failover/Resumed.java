package dev.toygres.orchestrations.failover;

import dev.toygres.agentapi.OrderResult.MemberUp;
import java.util.Optional;

/**
 * How the old primary was brought back.
 *
 * @param up empty when its host is away
 */
record Resumed(Optional<MemberUp> up) {}
