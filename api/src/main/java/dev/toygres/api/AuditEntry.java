package dev.toygres.api;

import java.time.Instant;
import java.util.Optional;

/** Who did what, when, and how it ended. */
public record AuditEntry(
        String id,
        Instant at,
        String actor,
        String role,
        String action,
        Optional<String> instanceId,
        Optional<String> operationId,
        String outcome,
        String detail,
        String source) {}
