package dev.toygres.cli;

import dev.toygres.api.UpdateInstanceRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres update}. */
@Command(name = "update", description = "Change settings of an instance.")
final class UpdateCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(
            names = "--deletion-protection",
            negatable = true,
            fallbackValue = "true",
            description = "Whether it refuses to be deleted.")
    private @Nullable Boolean deletionProtection;

    @Option(
            names = "--durability",
            paramLabel = "HOW",
            description =
                    "strict: commits wait when no Sync replica is left; preferred: they do not."
                            + " In force within seconds.")
    private @Nullable String durability;

    UpdateCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        if (deletionProtection == null && durability == null) {
            throw new CommandFailed(
                    ExitCode.USAGE, "which of --[no-]deletion-protection, --durability?");
        }
        var client = session.client();
        var known = client.getInstanceVersion(id);
        var changed =
                client.updateInstance(
                        id,
                        known.etag(),
                        new UpdateInstanceRequest(
                                Optional.ofNullable(deletionProtection),
                                Optional.ofNullable(durability)));
        var output = session.output();
        output.print(changed, instance -> InstancePrinter.print(instance, output));
    }
}
