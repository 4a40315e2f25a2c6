package dev.toygres.cli;

import dev.toygres.api.Instance;
import dev.toygres.api.UpdateInstanceRequest;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
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

    private static final int ATTEMPTS = 10;

    UpdateCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        if (deletionProtection == null && durability == null) {
            throw new CommandFailed(
                    ExitCode.USAGE, "which of --[no-]deletion-protection, --durability?");
        }
        var changed = change(session.client());
        var output = session.output();
        output.print(changed, instance -> InstancePrinter.print(instance, output));
    }

    /**
     * What is given is wished whatever else has changed, and toygres itself changes an instance now
     * and then: so a revision that is not the newest any more is read again.
     */
    private Instance change(ToygresClient client) {
        var wish =
                new UpdateInstanceRequest(
                        Optional.ofNullable(deletionProtection), Optional.ofNullable(durability));
        for (int attempt = 1; ; attempt++) {
            try {
                return client.updateInstance(id, client.getInstanceVersion(id).etag(), wish);
            } catch (ToygresException.Conflict conflict) {
                if (attempt == ATTEMPTS || !conflict.code().equals("changed-meanwhile")) {
                    throw conflict;
                }
            }
        }
    }
}
