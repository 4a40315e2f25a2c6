package dev.toygres.cli;

import dev.toygres.api.NotificationTarget;
import dev.toygres.api.NotificationTargets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres notification set}. */
@Command(
        name = "set",
        description = {
            "Tell somebody of alerts, or change how.",
            "A webhook gets an HTTP POST that is signed as www.standardwebhooks.com has it."
        })
final class NotificationSetCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "What to call the target.")
    private String name = "";

    @ArgGroup(exclusive = true, multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Kind kind;

    @Option(
            names = "--severity",
            paramLabel = "SEVERITY",
            description = "Only what matters so much: Info (default), Warning or Critical.")
    private @Nullable String severity;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description =
                    "Holds the key that signs what a webhook gets, at least 16 characters. Default:"
                            + " the one that is kept.")
    private @Nullable Path secretFile;

    @Option(
            names = "--security",
            paramLabel = "HOW",
            description = "Of mail: StartTls (default), Tls, or None.")
    private @Nullable String security;

    @Option(
            names = "--username",
            paramLabel = "USER",
            description = "To log in at the mail server.")
    private @Nullable String username;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Holds the password for it. Default: the one that is kept.")
    private @Nullable Path passwordFile;

    @Option(names = "--from", paramLabel = "ADDRESS", description = "Who the mail is from.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "ADDRESS",
            split = ",",
            description = "Who gets the mail; several with commas.")
    private @Nullable List<String> to;

    @Option(names = "--test", description = "Then send a test, and say whether it arrived.")
    private boolean test;

    /** One of them. */
    static final class Kind {
        @Option(
                names = "--webhook",
                paramLabel = "URL",
                description = "By HTTP POST to there; needs --secret-file the first time.")
        private @Nullable String webhook;

        @Option(
                names = "--smtp",
                paramLabel = "HOST[:PORT]",
                description = "By mail through this server; needs --from and --to.")
        private @Nullable String smtp;

        @Option(names = "--log", description = "Into the log of the server.")
        private boolean log;
    }

    NotificationSetCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var client = session.client();
        var known = client.getNotificationTargets();
        var targets = new ArrayList<NotificationTarget>();
        known.value().targets().stream()
                .filter(one -> !one.name().equals(name))
                .forEach(targets::add);
        targets.add(target());
        var changed =
                client.replaceNotificationTargets(
                        known.etag(), new NotificationTargets(targets, Optional.empty()));
        var output = session.output();
        if (test) {
            NotificationTestCommand.test(session, name);
        } else {
            output.print(changed, found -> NotificationListCommand.print(found, output));
        }
    }

    private NotificationTarget target() {
        Optional<String> smtp = Optional.ofNullable(kind.smtp);
        return new NotificationTarget(
                name,
                kind.log ? "Log" : kind.webhook != null ? "Webhook" : "Smtp",
                Optional.ofNullable(severity),
                Optional.ofNullable(kind.webhook),
                Optional.ofNullable(secretFile).map(SecretFile::read),
                Optional.empty(),
                smtp.map(NotificationSetCommand::host),
                smtp.flatMap(NotificationSetCommand::port),
                Optional.ofNullable(security),
                Optional.ofNullable(username),
                Optional.ofNullable(passwordFile).map(SecretFile::read),
                Optional.ofNullable(from),
                Optional.ofNullable(to),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static String host(String smtp) {
        int colon = smtp.lastIndexOf(':');
        return colon < 0 ? smtp : smtp.substring(0, colon);
    }

    private static Optional<Integer> port(String smtp) {
        int colon = smtp.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Integer.valueOf(smtp.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--smtp " + smtp + ": after the colon must be a port");
        }
    }
}
