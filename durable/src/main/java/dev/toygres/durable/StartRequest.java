package dev.toygres.durable;

import java.util.Optional;

/**
 * A wish to run a flow.
 *
 * @param id chosen by the caller, never reused
 * @param subject what the operation is about (an instance id, say); for look-ups only
 * @param lane at most one unfinished operation holds a lane: the second start is refused
 */
public record StartRequest<I>(
        String id, FlowType<I, ?> type, I input, Optional<String> subject, Optional<String> lane) {}
