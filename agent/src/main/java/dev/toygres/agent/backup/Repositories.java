package dev.toygres.agent.backup;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Progress;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.OfRepository;
import dev.toygres.agentapi.BackupResult;
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
        engine.prove(place, order.repository());
        var objects = engine.objects(place, order.repository());
        var found = objects.get(RepositoryMark.OBJECT).map(RepositoryMark::parse);
        if (found.isPresent()) {
            found.get().requireOwner(order.instanceId().value());
            found.get().requireKey(order.repository());
        } else {
            var mark = RepositoryMark.of(order.instanceId().value(), order.repository());
            objects.put(RepositoryMark.OBJECT, mark.text());
        }
        return new BackupResult.StoreProven(found.isEmpty(), millisSince(began));
    }

    private static long millisSince(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    /** The key is asked for before it is used, for damage looks the same as a wrong key. */
    public void requireKey(Workplace place, Repository repository) {
        engine.objects(place, repository)
                .get(RepositoryMark.OBJECT)
                .map(RepositoryMark::parse)
                .ifPresent(mark -> mark.requireKey(repository));
    }

    private void requireMine(Workplace place, OfRepository order) {
        engine.objects(place, order.repository())
                .get(RepositoryMark.OBJECT)
                .map(RepositoryMark::parse)
                .ifPresent(
                        mark -> {
                            mark.requireOwner(order.instanceId().value());
                            mark.requireKey(order.repository());
                        });
    }

    private OrderResult list(Workplace place, BackupOrder.ListRepository order) {
        requireKey(place, order.repository());
        var content = engine.list(place, order.repository());
        var objects = engine.objects(place, order.repository());
        return new BackupResult.Content(
                objects.get(RepositoryMark.OBJECT)
                        .map(RepositoryMark::parse)
                        .map(RepositoryMark::instance),
                content.backups(),
                content.wal(),
                content.histories(),
                dumps(place, order).list(),
                new Points(objects).list());
    }

    private OrderResult delete(Workplace place, BackupOrder.DeleteRepository order) {
        var objects = engine.objects(place, order.repository());
        requireMine(place, order);
        objects.removeAll("physical");
        objects.removeAll("logical");
        objects.removeAll(Points.ROOT);
        objects.remove(RepositoryMark.OBJECT);
        return new OrderResult.Done();
    }
}
