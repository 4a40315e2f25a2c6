package dev.toygres.cli;

import dev.toygres.api.Instance;
import dev.toygres.api.UpdateReplicaRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres replica update}. */
@Command(name = "update", description = "Change a replica while it runs.")
final class ReplicaUpdateCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "REPLICA", description = "Its name.")
    private String replica = "";

    @Option(
            names = "--promote",
            negatable = true,
            fallbackValue = "true",
            description = "Whether it may become primary.")
    private @Nullable Boolean promote;

    @Option(
            names = "--priority",
            paramLabel = "N",
            description =
                    "0 (never) to 100: of equally fresh replicas the highest becomes primary.")
    private @Nullable Integer priority;

    @Option(
            names = "--max-lag",
            paramLabel = "BYTES",
            converter = Bytes.class,
            description = "Further behind than this, such as 16MB, it serves no reads.")
    private @Nullable Long maxLag;

    @Option(names = "--no-max-lag", description = "It has no such bound any more.")
    private boolean noMaxLag;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "sync: commits wait for it; async: they do not. In force within seconds.")
    private @Nullable Mode mode;

    ReplicaUpdateCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        if (promote == null && priority == null && maxLag == null && !noMaxLag && mode == null) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "which of --[no-]promote, --priority, --max-lag, --no-max-lag, --mode?");
        }
        Optional<Instance> before =
                mode == Mode.async
                        ? Optional.of(session.client().getInstance(id))
                        : Optional.empty();
        var changed =
                session.client()
                        .updateReplica(
                                id,
                                replica,
                                new UpdateReplicaRequest(
                                        Optional.ofNullable(promote),
                                        Optional.ofNullable(priority),
                                        Optional.ofNullable(maxLag),
                                        noMaxLag ? Optional.of(true) : Optional.empty(),
                                        Optional.ofNullable(mode).map(Mode::word)));
        var output = session.output();
        output.print(changed, shown -> ReplicaPrinter.print(shown, output));
        before.ifPresent(was -> InstancePrinter.warnOfLastSync(was, replica, output));
    }
}
