package dev.toygres.cli;

import dev.toygres.api.Alert;
import dev.toygres.api.Page;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres alerts}. */
@Command(name = "alerts", description = "What you should know of, newest first.")
final class AlertsCommand extends ApiCommand {
    private static final int MOST = 50;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "Only those of this instance.")
    private @Nullable String instance;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only these: open, acknowledged or resolved.")
    private @Nullable String state;

    @Option(
            names = "--severity",
            paramLabel = "SEVERITY",
            description = "Only these: Critical, Warning or Info.")
    private @Nullable String severity;

    @Option(names = "--all", description = "Also what is over. Default: what is not.")
    private boolean all;

    @Mixin private final PageOptions paging = new PageOptions();

    AlertsCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var page = paging.atMost(MOST).<Alert>read(session.client()::listAlerts, filters());
        if (instance != null && page.items().isEmpty()) {
            KnownInstance.require(session, instance);
        }
        var output = session.output();
        output.print(page, p -> print(p, output));
    }

    private Map<String, String> filters() {
        var filters = new LinkedHashMap<String, String>();
        put(filters, "instanceId", instance);
        put(filters, "severity", severity);
        put(filters, "state", state == null && !all ? "unresolved" : state);
        return filters;
    }

    private static void put(Map<String, String> filters, String name, @Nullable String value) {
        if (value != null) {
            filters.put(name, value);
        }
    }

    private void print(Page<Alert> page, Output output) {
        if (page.items().isEmpty()) {
            output.line(
                    all || state != null ? "No alerts." : "No alerts. With --all: also past ones.");
            return;
        }
        var table = new Table("ID", "SEVERITY", "STATE", "AGE", "WHAT");
        for (var alert : page.items()) {
            table.row(
                    alert.id(),
                    alert.severity(),
                    alert.state(),
                    output.age(alert.raisedAt()),
                    alert.message());
        }
        table.print(output);
    }
}
