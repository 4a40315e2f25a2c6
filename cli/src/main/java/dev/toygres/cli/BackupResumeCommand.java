package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres backup resume}. */
@Command(name = "resume", description = "Take scheduled backups again.")
final class BackupResumeCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    BackupResumeCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().resumeBackupSchedule(id),
                schedule -> BackupPrinter.print(schedule, output));
    }
}
