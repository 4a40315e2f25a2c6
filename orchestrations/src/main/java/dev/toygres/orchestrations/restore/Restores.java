package dev.toygres.orchestrations.restore;

import dev.toygres.store.backup.RestoreStore;
import java.util.List;

/** The desk for restores. Whoever asks for one gets the id of its operation. */
public interface Restores {
    String restore(RestoreWish wish);

    /** Brings the data back that the last restore in place replaced. */
    String undo(String instanceId);

    /** Of an instance, newest first. */
    List<RestoreStore.Row> list(String instanceId);
}
