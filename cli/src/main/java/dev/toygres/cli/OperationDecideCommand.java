package dev.toygres.cli;

import dev.toygres.api.Decision;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres operation decide}. */
@Command(name = "decide", description = "Answer an operation that needs a decision.")
final class OperationDecideCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "OPERATION", description = "Its id.")
    private String id = "";

    @Parameters(
            index = "1",
            paramLabel = "ACTION",
            description = "One of those that 'operation show' names.")
    private String action = "";

    @Option(names = "--candidate", paramLabel = "MEMBER", description = "Whom it shall be.")
    private @Nullable String candidate;

    @Option(
            names = "--accept-data-loss-bytes",
            paramLabel = "BYTES",
            converter = Bytes.class,
            description = "How much of the newest data may be lost.")
    private @Nullable Long acceptDataLossBytes;

    @Option(
            names = "--accept-split-brain",
            description = "Go on although another primary cannot be ruled out.")
    private boolean acceptSplitBrain;

    @Mixin private final WaitOptions waiting = new WaitOptions();

    OperationDecideCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var decision =
                new Decision(
                        action,
                        Optional.ofNullable(candidate),
                        Optional.ofNullable(acceptDataLossBytes),
                        acceptSplitBrain ? Optional.of(true) : Optional.empty());
        waiting.print(
                session,
                waiting.client(session).decideOperation(id, decision),
                id + " has succeeded.");
    }
}
