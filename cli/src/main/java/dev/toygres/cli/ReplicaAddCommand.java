package dev.toygres.cli;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.ReplicaConfig;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres replica add}. */
@Command(name = "add", description = "Add a replica to a running instance.")
final class ReplicaAddCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(
            index = "1",
            paramLabel = "REPLICA",
            description = "Its name: a lower-case letter, then letters, digits and hyphens.")
    private String replica = "";

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "nano, micro, small, medium, large or xlarge; default: the primary's.")
    private @Nullable String size;

    @Option(names = "--region", paramLabel = "REGION", description = "Where; default: anywhere.")
    private @Nullable String region;

    @Option(
            names = {"--zone", "--availability-zone"},
            paramLabel = "ZONE",
            description = "Where; default: anywhere.")
    private @Nullable String zone;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "async (default), or sync: commits on the primary wait until a sync replica has"
                            + " them.")
    private @Nullable Mode mode;

    @Option(
            names = "--max-lag",
            paramLabel = "BYTES",
            converter = Bytes.class,
            description =
                    "Further behind than this, such as 16MB, it serves no reads; default: no bound.")
    private @Nullable Long maxLag;

    @Option(
            names = "--promote",
            negatable = true,
            fallbackValue = "true",
            description = "Whether it may become primary; default: it may.")
    private @Nullable Boolean promote;

    @Option(
            names = "--priority",
            paramLabel = "N",
            description =
                    "0 (never) to 100: of equally fresh replicas the highest becomes primary;"
                            + " default: 50.")
    private @Nullable Integer priority;

    @Option(
            names = "--copy-from",
            paramLabel = "MEMBER",
            description = "Whom it is copied from, to spare the primary; default: the primary.")
    private @Nullable String copyFrom;

    @Option(
            names = "--copy-rate",
            paramLabel = "BYTES",
            converter = Bytes.class,
            description = "Copy at most so much a second; default: as fast as it goes.")
    private @Nullable Long copyRate;

    @Mixin private final WaitOptions waiting = new WaitOptions();

    ReplicaAddCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var config =
                new ReplicaConfig(
                        Optional.ofNullable(size),
                        Optional.ofNullable(region),
                        Optional.ofNullable(zone),
                        Optional.ofNullable(mode).map(Mode::word),
                        Optional.ofNullable(maxLag),
                        Optional.ofNullable(promote),
                        Optional.ofNullable(priority),
                        Optional.ofNullable(copyFrom),
                        Optional.ofNullable(copyRate));
        var client = waiting.client(session);
        waiting.print(
                session,
                client.addReplica(
                        id,
                        new AddReplicaRequest(
                                replica,
                                Optional.of(config).filter(c -> !c.equals(ReplicaConfig.usual())))),
                replica + " follows " + id + ".");
    }
}
