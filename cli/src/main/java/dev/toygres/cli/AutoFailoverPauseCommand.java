package dev.toygres.cli;

import dev.toygres.api.PauseRequest;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres auto-failover pause}. */
@Command(
        name = "pause",
        description = "No automatic failover for a while; a dead primary is restarted meanwhile.")
final class AutoFailoverPauseCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "1h",
            converter = Durations.class,
            description = "How long, such as 30m or 2h; default: ${DEFAULT-VALUE}.")
    private Duration time = Duration.ofHours(1);

    @Option(
            names = "--reason",
            paramLabel = "WORDS",
            required = true,
            description = "For whoever finds it paused.")
    private String reason = "";

    AutoFailoverPauseCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        Instant until = output.now().plus(time);
        output.print(
                session.client().pauseAutoFailover(id, new PauseRequest(until, reason)),
                status -> AutoFailoverPrinter.print(status, output));
    }
}
