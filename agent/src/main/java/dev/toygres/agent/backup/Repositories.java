package dev.toygres.agent.backup;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agent.member.Progress;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.OfRepository;
import dev.toygres.agentapi.BackupResult;
import dev.toygres.agentapi.BackupStore;
import dev.toygres.agentapi.OrderResult;
import dev.toygres.agentapi.Repository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Orders about a repository that need no Postgres: any host that reaches the store does. */
public final class Repositories {
    private final Path root;
    private final BackupEngine engine;

    /**
     * @param root of the work places, one per instance; and one per order that harms nobody, so
     *     that it may run beside others
     */
    public Repositories(Path root, BackupEngine engine) {
        this.root = root;
        this.engine = engine;
        // The service user goes through it, whatever our umask is.
        Durable.directory(root, "rwx--x--x");
        // Of orders that an agent before us did not end.
        Durable.delete(reading());
    }

    private Path reading() {
        return root.resolve(".reading");
    }

    public OrderResult carryOut(OfRepository order, Progress progress) {
        var place = place(order);
        try {
            return switch (order) {
                case BackupOrder.ProveStore it -> prove(place, it);
                case BackupOrder.ListRepository it -> list(place, it);
                case BackupOrder.VerifyRepository it -> {
                    requireKey(place, it.repository());
                    yield engine.verify(place, it.repository(), progress);
                }
                case BackupOrder.ExpireBackups it -> {
                    requireMine(place, it);
                    yield engine.expire(place, it.repository(), it.labels(), it.keepWalSince());
                }
                case BackupOrder.DeleteRepository it -> delete(place, it);
                case BackupOrder.KeepPoint it -> {
                    requireMine(place, it);
                    new Points(engine.objects(place, it.repository())).keep(it.point());
                    yield new OrderResult.Done();
                }
                case BackupOrder.VerifyDump it -> dumps(place, it).verify(it.label(), progress);
                case BackupOrder.DeleteDump it -> {
                    requireMine(place, it);
                    dumps(place, it).delete(it.label());
                    yield new OrderResult.Done();
                }
            };
        } finally {
            engine.forget(place);
            if (goesBesideOthers(order)) {
                Durable.delete(place.root());
            }
        }
    }

    private static boolean goesBesideOthers(OfRepository order) {
        return switch (order) {
            case BackupOrder.ListRepository _,
                    BackupOrder.VerifyRepository _,
                    BackupOrder.KeepPoint _,
                    BackupOrder.VerifyDump _ ->
                    true;
            case BackupOrder.ProveStore _,
                    BackupOrder.ExpireBackups _,
                    BackupOrder.DeleteRepository _,
                    BackupOrder.DeleteDump _ ->
                    false;
        };
    }

    private Workplace place(OfRepository order) {
        var name = order.instanceId().value();
        return new Workplace(
                goesBesideOthers(order)
                        ? reading().resolve(name + "-" + UUID.randomUUID())
                        : root.resolve(name),
                Optional.empty());
    }

    private Dumps dumps(Workplace place, OfRepository order) {
        return new Dumps(engine.objects(place, order.repository()), order.repository());
    }

    private OrderResult prove(Workplace place, BackupOrder.ProveStore order) {
        var began = System.nanoTime();
        if (!order.begins()) {
            requireSame(place, order);
        }
        engine.prove(place, order.repository());
        var found = mark(place, order.repository());
        var mark = found.orElseGet(() -> begin(place, order));
        requireMine(order, mark);
        return new BackupResult.StoreProven(
                found.isEmpty(), millisSince(began), Optional.of(mark.salt()));
    }

    private RepositoryMark begin(Workplace place, BackupOrder.ProveStore order) {
        var mark = RepositoryMark.of(order.instanceId().value(), order.repository());
        engine.objects(place, order.repository()).put(RepositoryMark.OBJECT, mark.text());
        return mark;
    }

    /** Before anything is written: where it is not the same, it is somebody else's. */
    private void requireSame(Workplace place, BackupOrder.ProveStore order) {
        var found = mark(place, order.repository());
        if (order.mark().isEmpty()) {
            requireThere(order.repository(), found);
        } else if (!order.mark().equals(found.map(RepositoryMark::salt))) {
            throw new OrderFailed(notShared(order.repository().store()));
        }
    }

    private static String notShared(BackupStore store) {
        return switch (store) {
            case BackupStore.Local(var root) ->
                    "the directory %s on this host is not the one that the instance's other hosts see: mount one file system there on all of them, or use a store that all of them reach"
                            .formatted(root);
            case BackupStore.S3 _, BackupStore.AzureBlob _ ->
                    "this host does not see in the store what the instance's other hosts see there";
        };
    }

    private Optional<RepositoryMark> mark(Workplace place, Repository repository) {
        return engine.objects(place, repository)
                .get(RepositoryMark.OBJECT)
                .map(RepositoryMark::parse);
    }

    /**
     * Whoever set it up left a mark there. Where that is gone nothing is written: what is not
     * mounted looks like an empty directory, and a repository that is begun in it is no backup.
     */
    private static RepositoryMark requireThere(
            Repository repository, Optional<RepositoryMark> found) {
        return found.orElseThrow(() -> new OrderFailed(gone(repository.store())));
    }

    private static String gone(BackupStore store) {
        return switch (store) {
            case BackupStore.Local(var root) ->
                    "what was begun in %s is not there on this host: is it mounted, and shared with it? If it is lost, choose another place"
                            .formatted(root);
            case BackupStore.S3 _, BackupStore.AzureBlob _ ->
                    "what was begun in the store is not there any more; if it is lost, choose another place";
        };
    }

    private static long millisSince(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    /** The key is asked for before it is used, for damage looks the same as a wrong key. */
    public void requireKey(Workplace place, Repository repository) {
        requireThere(repository, mark(place, repository)).requireKey(repository);
    }

    private void requireMine(Workplace place, OfRepository order) {
        requireMine(order, requireThere(order.repository(), mark(place, order.repository())));
    }

    private static void requireMine(OfRepository order, RepositoryMark mark) {
        mark.requireOwner(order.instanceId().value());
        mark.requireKey(order.repository());
    }

    /** What is not there is an answer. */
    private OrderResult list(Workplace place, BackupOrder.ListRepository order) {
        var mark = mark(place, order.repository());
        mark.ifPresent(one -> one.requireKey(order.repository()));
        var content = engine.list(place, order.repository());
        var objects = engine.objects(place, order.repository());
        return new BackupResult.Content(
                mark.map(RepositoryMark::instance),
                content.backups(),
                content.wal(),
                content.histories(),
                dumps(place, order).list(),
                new Points(objects).list());
    }

    private OrderResult delete(Workplace place, BackupOrder.DeleteRepository order) {
        var objects = engine.objects(place, order.repository());
        // The mark goes last: an order that comes again finds none.
        mark(place, order.repository()).ifPresent(mark -> requireMine(order, mark));
        objects.removeAll("physical");
        objects.removeAll("logical");
        objects.removeAll(Points.ROOT);
        objects.remove(RepositoryMark.OBJECT);
        return new OrderResult.Done();
    }
}
