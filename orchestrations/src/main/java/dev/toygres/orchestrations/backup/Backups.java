package dev.toygres.orchestrations.backup;

import dev.toygres.model.backup.RestoreWindow;
import dev.toygres.model.backup.Retention;
import dev.toygres.store.backup.BackupCatalogue.RestorePoint;
import dev.toygres.store.backup.BackupRow;
import java.util.List;
import java.util.Optional;

/** The desk for backups. Whoever asks for something long gets the id of the operation. */
public interface Backups {
    String configure(String instanceId, ScheduleWish wish);

    ScheduleView schedule(String instanceId);

    ScheduleView pause(String instanceId, boolean paused);

    String create(String instanceId, BackupWish wish);

    /** Newest first; also those of an instance that is gone. */
    List<BackupRow> list(String instanceId, int limit, Optional<String> before);

    BackupRow get(String id);

    BackupRow pin(String id, boolean pinned);

    String verify(String id);

    String delete(String id);

    /** What the retention would keep and drop now; nothing is changed. */
    Retention.Verdict retention(String instanceId);

    RestoreWindow window(String instanceId);

    List<RestorePoint> restorePoints(String instanceId);

    String addRestorePoint(String instanceId, String name);

    /** Takes a store in whose catalogue was lost. */
    String importFrom(ImportWish wish);
}
