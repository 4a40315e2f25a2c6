package dev.toygres.cli;

import dev.toygres.api.NotificationDelivery;
import dev.toygres.api.Page;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres notification deliveries}. */
@Command(name = "deliveries", description = "What a target was told, or is to be, newest first.")
final class NotificationDeliveriesCommand extends ApiCommand {
    private static final int MOST = 50;

    @Parameters(paramLabel = "NAME", description = "The target.")
    private String name = "";

    @Mixin private final PageOptions paging = new PageOptions();

    NotificationDeliveriesCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var page =
                paging.atMost(MOST)
                        .<NotificationDelivery>read(
                                query -> session.client().listNotificationDeliveries(name, query));
        var output = session.output();
        output.print(page, p -> print(p, output));
    }

    private static void print(Page<NotificationDelivery> page, Output output) {
        if (page.items().isEmpty()) {
            output.line("It was told nothing yet.");
            return;
        }
        var table = new Table("ID", "AGE", "EVENT", "ALERT", "STATE", "ATTEMPTS", "LAST ERROR");
        for (var one : page.items()) {
            table.row(
                    one.id(),
                    output.age(one.createdAt()),
                    one.event(),
                    one.alertId().orElse(""),
                    one.state(),
                    one.attempts(),
                    one.lastError().orElse(""));
        }
        table.print(output);
    }
}
