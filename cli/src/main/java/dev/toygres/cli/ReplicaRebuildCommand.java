package dev.toygres.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres replica rebuild}. */
@Command(
        name = "rebuild",
        description = "Make a replica anew that cannot follow any more; the primary is left alone.")
final class ReplicaRebuildCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "REPLICA", description = "Its name.")
    private String replica = "";

    @Option(
            names = "--copy-from",
            paramLabel = "MEMBER",
            description =
                    "Copy it anew, from this member; default: by its own data where that is good"
                            + " for it, else from the primary.")
    private @Nullable String copyFrom;

    @Option(
            names = "--copy-rate",
            paramLabel = "BYTES",
            converter = Bytes.class,
            description = "Copy it anew, at most so much a second; default: as fast as it goes.")
    private @Nullable Long copyRate;

    @Mixin private final WaitOptions waiting = new WaitOptions();

    ReplicaRebuildCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(
                session,
                waiting.client(session)
                        .rebuildReplica(
                                id,
                                replica,
                                Optional.ofNullable(copyFrom),
                                Optional.ofNullable(copyRate)),
                replica + " follows " + id + " again.");
    }
}
