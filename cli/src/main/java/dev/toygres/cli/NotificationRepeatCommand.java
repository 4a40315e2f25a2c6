package dev.toygres.cli;

import dev.toygres.api.NotificationTargets;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres notification repeat}. */
@Command(name = "repeat", description = "Set how often what lasts is told of again.")
final class NotificationRepeatCommand extends ApiCommand {
    @Parameters(paramLabel = "TIME", description = "Such as 30m; from 1m to 7d.")
    private Duration every = Duration.ofHours(1);

    NotificationRepeatCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var client = session.client();
        var known = client.getNotificationTargets();
        var changed =
                client.replaceNotificationTargets(
                        known.etag(),
                        new NotificationTargets(known.value().targets(), Optional.of(every)));
        var output = session.output();
        output.print(changed, found -> NotificationListCommand.print(found, output));
    }
}
