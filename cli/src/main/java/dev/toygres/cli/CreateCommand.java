package dev.toygres.cli;

import dev.toygres.api.CreateInstanceRequest;
import dev.toygres.client.ToygresClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres create}. */
@Command(name = "create", description = "Create an instance: a Postgres with its endpoints.")
final class CreateCommand extends ApiCommand {
    @Parameters(
            paramLabel = "ID",
            description = "Its name: a lower-case letter, then letters, digits and hyphens.")
    private String id = "";

    @Option(
            names = "--postgres-version",
            paramLabel = "MAJOR",
            description = "Such as 15; default: the newest that a host has.")
    private @Nullable String postgresVersion;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "nano, micro, small (default), medium, large or xlarge.")
    private @Nullable String size;

    @Option(names = "--region", paramLabel = "REGION", description = "Where; default: anywhere.")
    private @Nullable String region;

    @Option(
            names = "--availability-zone",
            paramLabel = "ZONE",
            description = "Where; default: anywhere.")
    private @Nullable String availabilityZone;

    @Option(
            names = "--owner",
            paramLabel = "NAME",
            description = "The login that owns the database; default: app.")
    private @Nullable String owner;

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "The first database; default: app.")
    private @Nullable String database;

    @Option(
            names = "--deletion-protection",
            description = "Refuse to delete it until this is switched off.")
    private boolean deletionProtection;

    @Mixin private final WaitOptions waiting = new WaitOptions();

    CreateCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var request =
                new CreateInstanceRequest(
                        id,
                        Optional.ofNullable(postgresVersion),
                        Optional.ofNullable(size),
                        Optional.ofNullable(region),
                        Optional.ofNullable(availabilityZone),
                        Optional.ofNullable(owner),
                        Optional.ofNullable(database),
                        deletionProtection ? Optional.of(true) : Optional.empty());
        ToygresClient client = waiting.client(session);
        waiting.print(
                session,
                client.createInstance(request),
                "%s is running. To use it: toygres psql %s, or toygres connect %s"
                        .formatted(id, id, id));
    }
}
