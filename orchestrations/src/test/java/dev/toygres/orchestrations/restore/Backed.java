package dev.toygres.orchestrations.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.backup.BackupWish;
import dev.toygres.orchestrations.backup.ScheduleWish;
import dev.toygres.orchestrations.backup.ScheduleWish.StorageWish;
import dev.toygres.orchestrations.replica.NewReplica;
import java.util.List;
import java.util.Optional;

/** An instance with backups, and wishes to restore it. */
public final class Backed {
    private Backed() {}

    public static void up(House house, String id) {
        house.create(id);
        done(house, house.backups.configure(id, daily("/backups/" + id)));
        done(house, house.backups.create(id, full()));
    }

    static void replica(House house, String id, String replica, String mode) {
        NewReplica wish = House.replica(replica, mode);
        done(house, house.replicas.add(id, wish));
    }

    public static void done(House house, String operation) {
        assertThat(house.finish(operation))
                .as("%s", house.operation(operation))
                .isEqualTo(OperationState.Succeeded);
    }

    /** Whatever goes on by itself ends. */
    static void settle(House house) {
        house.operations
                .list(Optional.empty(), Optional.empty(), Optional.empty(), 100, Optional.empty())
                .forEach(one -> house.finish(one.id()));
    }

    static BackupWish full() {
        return new BackupWish("Full", List.of(), false, Optional.empty());
    }

    static ScheduleWish daily(String path) {
        Optional<String> none = Optional.empty();
        return new ScheduleWish(
                "0 2 * * 0",
                none,
                none,
                new StorageWish(
                        "Local", Optional.of(path), none, none, none, none, none, none, none, none),
                none.map(Integer::valueOf),
                none.map(Integer::valueOf),
                none.map(Integer::valueOf),
                none,
                none);
    }

    static RestoreWish over(String id, boolean confirmed) {
        return new RestoreWish(
                Optional.empty(),
                Optional.of(id),
                "ExistingInstance",
                id,
                confirmed,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                RestoreWish.Goal.ofLatest());
    }
}
