package dev.toygres.cli;

import dev.toygres.api.Operation;
import dev.toygres.api.OperationState;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code toygres operation list}. */
@Command(name = "list", aliases = "ls", description = "List operations, newest first.")
final class OperationListCommand extends ApiCommand {
    private static final int MOST = 50;

    @Option(names = "--instance", paramLabel = "ID", description = "Only those of this instance.")
    private @Nullable String instance;

    @Option(names = "--type", paramLabel = "TYPE", description = "Such as CreateInstance.")
    private @Nullable String type;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only those in this state: ${COMPLETION-CANDIDATES}.")
    private @Nullable OperationState state;

    @Option(
            names = "--all",
            description = "Also the housekeeping that nobody asked for, such as SettleReplication.")
    private boolean all;

    @Mixin private final PageOptions paging = new PageOptions();

    OperationListCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var filters = new LinkedHashMap<String, String>();
        if (instance != null) {
            filters.put("instanceId", instance);
        }
        if (type != null) {
            filters.put("type", type);
        }
        if (state != null) {
            filters.put("state", state.name());
        }
        if (all) {
            filters.put("internal", "true");
        }
        var page = paging.atMost(MOST).<Operation>read(session.client()::listOperations, filters);
        if (instance != null && page.items().isEmpty()) {
            KnownInstance.require(session, instance);
        }
        var output = session.output();
        output.print(page, p -> OperationPrinter.print(p.items(), output));
    }
}
