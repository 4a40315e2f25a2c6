package dev.toygres.cli;

import dev.toygres.api.Backup;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres backup list}. */
@Command(
        name = "list",
        aliases = "ls",
        description = "List the backups of an instance, also of one that is gone.")
final class BackupListCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Mixin private final PageOptions paging = new PageOptions();

    BackupListCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var client = session.client();
        var page = paging.<Backup>read(query -> client.listBackups(id, query));
        var output = session.output();
        output.print(
                page,
                p -> {
                    if (p.items().isEmpty()) {
                        output.line("No backups. " + firstStep(client));
                    } else {
                        BackupPrinter.print(p.items(), output);
                    }
                });
    }

    private String firstStep(ToygresClient client) {
        try {
            client.getBackupSchedule(id);
            return "Take one: toygres backup create " + id;
        } catch (ToygresException.NotFound unplanned) {
            return "Set them up first: toygres backup schedule " + id + " --help";
        }
    }
}
