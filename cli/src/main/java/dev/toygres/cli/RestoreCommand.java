package dev.toygres.cli;

import dev.toygres.api.RestoreInstanceConfig;
import dev.toygres.api.RestoreRequest;
import dev.toygres.api.RestoreTarget;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres restore}. */
@Command(
        name = "restore",
        description = {
            "Restore a backup as it is, or an instance to a point in time.",
            "Without --at, --xid, --name, --lsn and --latest a backup is restored as it is."
        })
final class RestoreCommand extends ApiCommand {
    @Parameters(
            paramLabel = "BACKUP|ID",
            description = "From which backup; or of which instance, also one that is gone.")
    private String from = "";

    @ArgGroup(multiplicity = "1")
    private Where where = new Where();

    @ArgGroup private UpTo upTo = new UpTo();

    @Option(
            names = "--exclusive",
            description = "Stop just before that point; default: with what is at it.")
    private boolean exclusive;

    @Option(
            names = "--yes",
            description = "With --in-place: yes, replace what the instance holds now.")
    private boolean yes;

    @Option(
            names = "--postgres-version",
            paramLabel = "MAJOR",
            description = "Of a new one from a logical backup; default: as it was.")
    private @Nullable String version;

    @Option(names = "--size", paramLabel = "SIZE", description = "Of a new one; default: small.")
    private @Nullable String size;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "Of a new one; default: anywhere.")
    private @Nullable String region;

    @Option(names = "--zone", paramLabel = "ZONE", description = "Of a new one; default: anywhere.")
    private @Nullable String zone;

    @Mixin private final WaitOptions waiting = new WaitOptions();

    /** What gets the data. */
    static final class Where {
        @Option(
                names = "--to-new",
                paramLabel = "NEW",
                description = "A new instance of this name.")
        private @Nullable String toNew;

        @Option(
                names = "--in-place",
                description =
                        "The instance itself: what it holds is replaced, and kept for undo-restore.")
        private boolean inPlace;
    }

    /** Up to where. */
    static final class UpTo {
        @Option(
                names = "--at",
                paramLabel = "TIME",
                description =
                        "To this time, in ISO-8601 or as psql prints it; UTC unless a zone is"
                                + " given.")
        private @Nullable Instant at;

        @Option(
                names = "--xid",
                paramLabel = "XID",
                description = "To this transaction, as pg_current_xact_id() shows it.")
        private @Nullable Long xid;

        @Option(names = "--name", paramLabel = "NAME", description = "To this restore point.")
        private @Nullable String name;

        @Option(names = "--lsn", paramLabel = "LSN", description = "To this position.")
        private @Nullable String lsn;

        @Option(names = "--latest", description = "To the last that was written.")
        private boolean latest;
    }

    RestoreCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var client = waiting.client(session);
        var backup = backup(client);
        String target = Optional.ofNullable(where.toNew).orElse(backup.orElse(from));
        var request =
                new RestoreRequest(
                        backup.map(_ -> from),
                        backup.isPresent() ? Optional.empty() : Optional.of(from),
                        target(target),
                        Optional.ofNullable(upTo.at),
                        Optional.ofNullable(upTo.xid),
                        Optional.ofNullable(upTo.name),
                        Optional.ofNullable(upTo.lsn),
                        upTo.latest ? Optional.of(true) : Optional.empty(),
                        exclusive ? Optional.of(false) : Optional.empty());
        waiting.print(
                session,
                client.startRestore(request),
                operation ->
                        "%1$s is restored from %2$s: toygres psql %1$s"
                                .formatted(target, operation.result().get("backupId")));
    }

    private RestoreTarget target(String instanceId) {
        if (where.inPlace) {
            return new RestoreTarget(
                    "ExistingInstance", instanceId, Optional.empty(), Optional.of(yes));
        }
        return new RestoreTarget(
                "NewInstance",
                instanceId,
                Optional.of(
                        new RestoreInstanceConfig(
                                Optional.ofNullable(version),
                                Optional.ofNullable(size),
                                Optional.ofNullable(region),
                                Optional.ofNullable(zone),
                                Optional.empty())),
                Optional.empty());
    }

    /** The instance of the backup, where that is what was named. */
    private Optional<String> backup(ToygresClient client) {
        try {
            return Optional.of(client.getBackup(from).instanceId());
        } catch (ToygresException.NotFound none) {
            return Optional.empty();
        }
    }
}
