package dev.toygres.cli;

import dev.toygres.api.Instance;
import dev.toygres.client.ToygresException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres delete}. */
@Command(name = "delete", description = "Delete an instance and its data.")
final class DeleteCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(
            names = "--delete-backups",
            description = "Its backups, too; default: they are kept until their retention ends.")
    private boolean deleteBackups;

    @Mixin private final WaitOptions waiting = new WaitOptions();

    DeleteCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var known = known();
        waiting.print(
                session,
                waiting.client(session).deleteInstance(id, !deleteBackups),
                id + " is deleted.");
        known.filter(_ -> waiting.wait)
                .ifPresent(instance -> CaFile.forget(session.around, instance));
    }

    /** What is not there any more is refused by the deletion itself. */
    private Optional<Instance> known() {
        try {
            return Optional.of(session.client().getInstance(id));
        } catch (ToygresException.NotFound gone) {
            return Optional.empty();
        }
    }
}
