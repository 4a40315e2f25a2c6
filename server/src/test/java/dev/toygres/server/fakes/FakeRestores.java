package dev.toygres.server.fakes;

import dev.toygres.orchestrations.restore.RestoreWish;
import dev.toygres.orchestrations.restore.Restores;
import dev.toygres.store.backup.RestoreStore;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/** A desk that restores on paper. */
public final class FakeRestores implements Restores {
    private final FakeOperations operations;
    public final ConcurrentLinkedDeque<RestoreWish> wishes = new ConcurrentLinkedDeque<>();

    public FakeRestores(FakeOperations operations) {
        this.operations = operations;
    }

    @Override
    public String restore(RestoreWish wish) {
        wishes.addFirst(wish);
        return operations.begin("RestoreToNew", wish.instanceId());
    }

    @Override
    public String undo(String instanceId) {
        return operations.begin("UndoRestore", instanceId);
    }

    @Override
    public List<RestoreStore.Row> list(String instanceId) {
        return List.of();
    }
}
