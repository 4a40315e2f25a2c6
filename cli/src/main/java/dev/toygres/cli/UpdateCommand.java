package dev.toygres.cli;

import dev.toygres.api.Instance;
import dev.toygres.api.UpdateInstanceRequest;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Option(
            names = "--isolation-policy",
            paramLabel = "WHAT",
            description =
                    "Fence: a primary that nobody answers stops, and a lost host is failed over;"
                            + " Serve: it goes on, and a lost host waits for your word.")
    private @Nullable String isolationPolicy;

    @Option(
            names = "--read-only-fallback",
            negatable = true,
            fallbackValue = "true",
            description =
                    "Whether the primary serves the read-only address when no replica does. In"
                            + " force within seconds.")
    private @Nullable Boolean readOnlyFallback;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description =
                    "Another size, for it and its members that have its size: replicas first,"
                            + " tried, and taken back if need be.")
    private @Nullable String size;

    @Option(names = "--dry-run", description = "Only show what --size would do.")
    private boolean dryRun;

    @Mixin private final WaitOptions waiting = new WaitOptions();

    private static final int ATTEMPTS = 10;

    UpdateCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        if (Stream.of(deletionProtection, durability, isolationPolicy, readOnlyFallback, size)
                .allMatch(Objects::isNull)) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "which of --[no-]deletion-protection, --durability, --isolation-policy,"
                            + " --[no-]read-only-fallback, --size?");
        }
        if (dryRun) {
            plan();
            return;
        }
        var changed = change(session.client());
        var output = session.output();
        if (size != null && changed.operation().isPresent()) {
            ChangeOptions.finish(
                    session,
                    waiting,
                    id,
                    session.client().watchOperation(changed.operation().get()));
            return;
        }
        output.print(changed, instance -> InstancePrinter.print(instance, output));
    }

    private void plan() {
        if (size == null) {
            throw new CommandFailed(ExitCode.USAGE, "--dry-run shows what --size would do");
        }
        var output = session.output();
        output.print(
                session.client().planResize(id, size),
                plan -> ParameterPrinter.print(plan, output));
    }

    /**
     * What is given is wished whatever else has changed, and toygres itself changes an instance now
     * and then: so a revision that is not the newest any more is read again.
     */
    private Instance change(ToygresClient client) {
        var wish =
                new UpdateInstanceRequest(
                        Optional.ofNullable(deletionProtection),
                        Optional.ofNullable(durability),
                        Optional.ofNullable(isolationPolicy),
                        Optional.ofNullable(readOnlyFallback),
                        Optional.ofNullable(size));
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
