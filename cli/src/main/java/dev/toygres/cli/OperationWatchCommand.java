package dev.toygres.cli;

import dev.toygres.api.Operation;
import dev.toygres.api.OperationState;
import dev.toygres.client.PendingOperation;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres operation watch}. */
@Command(name = "watch", description = "Follow an operation to its end.")
final class OperationWatchCommand extends ApiCommand {
    @Parameters(paramLabel = "OPERATION", description = "Its id.")
    private String id = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30m",
            description = "How long to follow it; default: ${DEFAULT-VALUE}.")
    private Duration timeout = PendingOperation.DEFAULT_TIMEOUT;

    OperationWatchCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var ended = watch();
        var output = session.output();
        output.print(ended, operation -> OperationPrinter.print(operation, output));
        if (ended.state() != OperationState.Succeeded) {
            throw new CommandFailed(ExitCode.FAILED, "it is " + ended.state());
        }
    }

    private Operation watch() {
        try (var progress = new Progress(session.around)) {
            return session.client().watchOperation(id).watch(timeout, progress);
        }
    }
}
