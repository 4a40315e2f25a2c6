package dev.toygres.orchestrations;

import dev.toygres.orchestrations.backup.BackupFlows;
import dev.toygres.orchestrations.parameter.ParameterFlows;
import dev.toygres.orchestrations.replica.ReplicaFlows;
import java.util.Set;

/** Operations that no user asked for: told from the others, so that they clutter no list. */
public final class Housekeeping {
    private static final Set<String> TYPES =
            Set.of(ReplicaFlows.SETTLE.name(), BackupFlows.LOOK.name(), ParameterFlows.KEEP.name());

    private Housekeeping() {}

    public static boolean is(String type) {
        return TYPES.contains(type);
    }
}
