package dev.toygres.cli;

import dev.toygres.api.ImportBackupsRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres backup import}. */
@Command(
        name = "import",
        description = "Take in what a store holds, where the catalogue knows nothing of it.")
final class BackupImportCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance whose backups they are.")
    private String id = "";

    @Mixin private final StorageOptions storage = new StorageOptions();

    @Mixin private final WaitOptions waiting = new WaitOptions();

    BackupImportCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(
                session,
                waiting.client(session)
                        .importBackups(
                                new ImportBackupsRequest(
                                        id, storage.storage(), storage.encryption())),
                "The backups are taken in: toygres backup list " + id);
    }
}
