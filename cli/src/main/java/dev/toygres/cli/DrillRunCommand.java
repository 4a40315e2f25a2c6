package dev.toygres.cli;

import dev.toygres.api.RestoreDrillRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres drill run}. */
@Command(
        name = "run",
        description = {
            "Restore to a throw-away instance, as if the instance were lost now;",
            "look through it, take the time, and drop it."
        })
final class DrillRunCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance, also one that is gone.")
    private String id = "";

    @Mixin private final DrillOptions drill = new DrillOptions();

    @Mixin private final WaitOptions waiting = new WaitOptions();

    DrillRunCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(
                session,
                waiting.client(session)
                        .startRestoreDrill(
                                id,
                                new RestoreDrillRequest(
                                        drill.queries(), drill.restoreTime(), drill.dataAge())),
                "It can be restored. What was measured: toygres drill list " + id);
    }
}
