package dev.toygres.api;

import java.util.List;

/** What the retention would do now. */
public record RetentionPlan(List<KeptBackup> keep, List<String> drop) {}
