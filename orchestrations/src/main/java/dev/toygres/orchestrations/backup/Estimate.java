package dev.toygres.orchestrations.backup;

import java.util.List;

/** What a dump would hold, roughly: the tables of these databases, without their indexes. */
record Estimate(List<String> databases, long bytes) {
    Estimate {
        databases = List.copyOf(databases);
    }
}
