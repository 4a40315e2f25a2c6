package dev.toygres.cli;

import dev.toygres.api.FailoverOptions;
import dev.toygres.api.FailoverRequest;
import dev.toygres.client.PendingOperation;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres failover}. */
@Command(name = "failover", description = "Make a replica primary, as for maintenance.")
final class FailoverCommand extends ApiCommand {
    private static final FailoverOptions USUAL =
            new FailoverOptions(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(names = "--to", paramLabel = "REPLICA", description = "Whom; default: the best one.")
    private @Nullable String target;

    @Option(
            names = "--dry-run",
            description =
                    "Only tell what would happen and what is at risk; exit code 4 when it would be"
                            + " refused.")
    private boolean dryRun;

    @Option(
            names = "--wait-for-sync",
            negatable = true,
            fallbackValue = "true",
            description =
                    "Whether the replica must have received everything first; default: it must.")
    private @Nullable Boolean waitForSync;

    @Option(
            names = "--sync-timeout",
            paramLabel = "TIME",
            description =
                    "How long to wait for that, such as 300s, before all is left as it was;"
                            + " default: 5m.")
    private @Nullable Duration syncTimeout;

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            description = "How long transactions that are under way may take to end; default: 10s.")
    private @Nullable Duration drainTimeout;

    @Option(
            names = "--old-primary",
            paramLabel = "WHAT",
            description =
                    "What becomes of it: convert (it follows as a replica; default), stop (it is"
                            + " kept, stopped) or terminate (it is deleted).")
    private @Nullable OldPrimary oldPrimary;

    @Mixin private final WaitOptions waiting = new WaitOptions();

    FailoverCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var options =
                new FailoverOptions(
                        Optional.ofNullable(waitForSync),
                        Optional.ofNullable(syncTimeout),
                        Optional.ofNullable(oldPrimary).map(OldPrimary::word),
                        Optional.ofNullable(drainTimeout));
        var request =
                new FailoverRequest(
                        Optional.ofNullable(target),
                        Optional.of(options).filter(given -> !given.equals(USUAL)));
        if (dryRun) {
            plan(request);
        } else {
            print(waiting.client(session).startFailover(id, request));
        }
    }

    private void plan(FailoverRequest request) {
        var output = session.output();
        var plan = session.client().planFailover(id, request);
        output.print(plan, shown -> FailoverPrinter.print(shown, output));
        if (!plan.possible()) {
            throw new CommandFailed(ExitCode.REFUSED, "this failover would be refused now");
        }
    }

    private void print(PendingOperation pending) {
        waiting.print(
                session,
                pending,
                _ -> FailoverPrinter.words(session.client().getFailover(id, pending.id())));
    }
}
