package dev.toygres.cli;

import dev.toygres.api.BackupType;
import dev.toygres.api.CreateBackupRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres backup create}. */
@Command(name = "create", description = "Take a backup, and verify it.")
final class BackupCreateCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "full",
            description =
                    "full (default), incremental (what changed since the last) or logical (a dump by"
                            + " pg_dump).")
    private Kind type = Kind.full;

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "Of a logical one, repeatable; default: all.")
    private List<String> databases = List.of();

    @Option(names = "--schema-only", description = "Of a logical one: without the data.")
    private boolean schemaOnly;

    @Option(names = "--label", paramLabel = "TEXT", description = "What to call it.")
    private @Nullable String label;

    @Mixin private final WaitOptions waiting = new WaitOptions();

    /** As the contract has them, in lower case. */
    enum Kind {
        full,
        incremental,
        logical;

        String word() {
            return Character.toUpperCase(name().charAt(0)) + name().substring(1);
        }
    }

    BackupCreateCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var wish =
                new BackupType(
                        type.word(),
                        databases.isEmpty() ? Optional.empty() : Optional.of(databases),
                        schemaOnly ? Optional.of(true) : Optional.empty());
        waiting.print(
                session,
                waiting.client(session)
                        .createBackup(
                                id, new CreateBackupRequest(wish, Optional.ofNullable(label))),
                _ -> "The backup is taken and verified: toygres backup list " + id);
    }
}
