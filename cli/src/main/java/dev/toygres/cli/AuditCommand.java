package dev.toygres.cli;

import dev.toygres.api.AuditEntry;
import dev.toygres.api.Page;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code toygres audit}. */
@Command(name = "audit", description = "Who did what and when, newest first.")
final class AuditCommand extends ApiCommand {
    private static final int MOST = 50;

    @Option(names = "--instance", paramLabel = "ID", description = "Only what concerns it.")
    private @Nullable String instance;

    @Mixin private final PageOptions paging = new PageOptions();

    AuditCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var filters = new LinkedHashMap<String, String>();
        if (instance != null) {
            filters.put("instanceId", instance);
        }
        var page = paging.atMost(MOST).<AuditEntry>read(session.client()::listAudit, filters);
        var output = session.output();
        output.print(page, p -> print(p, output));
    }

    private static void print(Page<AuditEntry> page, Output output) {
        var table = new Table("AT", "WHO", "ROLE", "DID", "INSTANCE", "OUTCOME", "DETAIL");
        for (var entry : page.items()) {
            table.row(
                    entry.at(),
                    entry.actor(),
                    entry.role(),
                    entry.action(),
                    entry.instanceId().orElse(""),
                    entry.outcome(),
                    entry.detail());
        }
        table.print(output);
    }
}
