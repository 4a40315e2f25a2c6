package dev.toygres.cli;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.CreateInstanceRequest;
import dev.toygres.api.Operation;
import dev.toygres.client.ToygresClient;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres create}. */
@Command(name = "create", description = "Create an instance: a Postgres with its endpoints.")
final class CreateCommand extends ApiCommand {
    /** As the server has it: what is typed wrong is refused before anything is asked. */
    private static final int MOST_REPLICAS = 8;

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

    @Option(
            names = "--durability",
            paramLabel = "HOW",
            description =
                    "When no sync replica is left, commits wait (strict; default) or go on alone"
                            + " (preferred).")
    private @Nullable String durability;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "With so many replicas, named ID-m2, ID-m3, ...; default: none.")
    private @Nullable Integer replicas;

    @Option(
            names = "--replica",
            paramLabel = "NAME[:sync][:ZONE]",
            converter = ReplicaWish.Reader.class,
            description = "With this replica; may be given several times.")
    private List<ReplicaWish> replica = List.of();

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description = "With parameters for a kind of work: " + ProfileName.CHOICES)
    private @Nullable String profile;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "With this parameter; may be given several times. Wins over the profile.")
    private List<String> parameters = List.of();

    @Mixin private final WaitOptions waiting = new WaitOptions();

    CreateCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var values = ChangeOptions.values(parameters);
        var wished =
                Optional.ofNullable(profile).map(name -> ProfileName.profile(name, values, true));
        var request =
                new CreateInstanceRequest(
                        id,
                        Optional.ofNullable(postgresVersion),
                        Optional.ofNullable(size),
                        Optional.ofNullable(region),
                        Optional.ofNullable(availabilityZone),
                        Optional.ofNullable(owner),
                        Optional.ofNullable(database),
                        deletionProtection ? Optional.of(true) : Optional.empty(),
                        Optional.ofNullable(durability),
                        replicas(),
                        wished.map(one -> ProfileName.beside(one, values))
                                .orElse(Optional.of(values).filter(some -> !some.isEmpty())),
                        wished);
        ToygresClient client = waiting.client(session);
        var ended =
                waiting.print(
                        session,
                        client.createInstance(request),
                        "%s is running. To use it: toygres psql %s, or toygres connect %s"
                                .formatted(id, id, id));
        refuseSilenceAboutReplicas(ended);
    }

    /** The instance serves and the operation succeeded; but not all is there that was asked for. */
    private void refuseSilenceAboutReplicas(Operation ended) {
        List<String> broken = WaitOptions.words(ended, "brokenReplicas");
        if (!broken.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.FAILED,
                    "%s runs, but without %s, which could not be made: see 'toygres replica list %s', then replica rebuild or replica remove"
                            .formatted(id, String.join(", ", broken), id));
        }
    }

    private Optional<List<AddReplicaRequest>> replicas() {
        if (replicas == null) {
            return Optional.of(replica.stream().map(ReplicaWish::request).toList())
                    .filter(wishes -> !wishes.isEmpty());
        }
        if (!replica.isEmpty() || replicas < 0 || replicas > MOST_REPLICAS) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--replicas is a number from 0 to %d (is %d), and goes without --replica"
                            .formatted(MOST_REPLICAS, replicas));
        }
        return Optional.of(
                IntStream.range(0, replicas)
                        .mapToObj(i -> id + "-m" + (i + 2))
                        .map(name -> new AddReplicaRequest(name, Optional.empty()))
                        .toList());
    }
}
