package dev.toygres.api;

import java.util.Optional;

/** POST /operations/{id}:decide. */
public record Decision(
        String action,
        Optional<String> candidate,
        Optional<Long> acceptDataLossBytes,
        Optional<Boolean> acceptSplitBrain) {}
