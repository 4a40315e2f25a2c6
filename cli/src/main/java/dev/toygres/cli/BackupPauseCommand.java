package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres backup pause}. */
@Command(
        name = "pause",
        description = "Take no scheduled backups until resumed; WAL is archived all the same.")
final class BackupPauseCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    BackupPauseCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().pauseBackupSchedule(id),
                schedule -> BackupPrinter.print(schedule, output));
    }
}
