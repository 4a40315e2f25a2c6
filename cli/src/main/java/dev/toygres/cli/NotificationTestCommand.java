package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres notification test}. */
@Command(name = "test", description = "Send a test to a target, and say whether it arrived.")
final class NotificationTestCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "The target.")
    private String name = "";

    NotificationTestCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        test(session, name);
    }

    static void test(Session session, String name) {
        var output = session.output();
        var delivery = session.client().testNotificationTarget(name);
        output.print(
                delivery,
                sent -> {
                    if (sent.state().equals("Delivered")) {
                        output.line(name + " has taken the test.");
                    }
                });
        if (!delivery.state().equals("Delivered")) {
            throw new CommandFailed(
                    ExitCode.FAILED,
                    name + " did not take the test: " + delivery.lastError().orElse("no reason"));
        }
    }
}
