package dev.toygres.cli;

import dev.toygres.api.NotificationTargets;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres notification remove}. */
@Command(name = "remove", description = "Do not tell a target any more.")
final class NotificationRemoveCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "The target.")
    private String name = "";

    NotificationRemoveCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var client = session.client();
        var known = client.getNotificationTargets();
        var rest =
                known.value().targets().stream().filter(one -> !one.name().equals(name)).toList();
        if (rest.size() == known.value().targets().size()) {
            throw new CommandFailed(ExitCode.NOT_FOUND, "there is no target " + name);
        }
        var changed =
                client.replaceNotificationTargets(
                        known.etag(), new NotificationTargets(rest, Optional.empty()));
        var output = session.output();
        output.print(changed, found -> NotificationListCommand.print(found, output));
    }
}
