package dev.toygres.cli;

import dev.toygres.api.Operation;
import dev.toygres.client.PendingOperation;
import dev.toygres.client.ToygresClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that start long work. */
final class WaitOptions {
    @Option(
            names = "--wait",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Wait for the end, and show the steps on the way; this is the default.")
    boolean wait = true;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30m",
            description = "How long to wait, such as 90s or 10m; default: ${DEFAULT-VALUE}.")
    Duration timeout = PendingOperation.DEFAULT_TIMEOUT;

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "Under the same key the same work is done once; default: a new one.")
    @Nullable String idempotencyKey;

    /** The client to start the work with. */
    ToygresClient client(Session session) {
        var client = session.client();
        return idempotencyKey == null ? client : client.withIdempotencyKey(idempotencyKey);
    }

    /** The operation as it ended, or as it was accepted when nobody waits. */
    Operation finish(Session session, PendingOperation pending) {
        if (!wait) {
            return pending.accepted();
        }
        try (var progress = new Progress(session.around)) {
            return pending.await(timeout, progress);
        }
    }

    /** Prints what came of it. */
    Operation print(Session session, PendingOperation pending, String success) {
        return print(session, pending, _ -> success);
    }

    /** A list in a result, or one word; none where it is not there. */
    static List<String> words(Operation operation, String name) {
        var found = operation.result().get(name);
        var words = found instanceof List<?> all ? all : found == null ? List.of() : List.of(found);
        return words.stream().map(String::valueOf).toList();
    }

    private static Optional<String> left(Operation operation) {
        return Optional.of(words(operation, "leftBehind"))
                .filter(words -> !words.isEmpty())
                .map(words -> "Left behind, until the host is back: " + String.join(", ", words));
    }

    /** Prints what came of it, in words that are known only then. */
    Operation print(
            Session session, PendingOperation pending, Function<Operation, String> success) {
        var operation = finish(session, pending);
        var output = session.output();
        output.print(
                operation,
                o -> {
                    if (wait) {
                        output.line(success.apply(o));
                        left(o).ifPresent(output::note);
                    } else {
                        output.line(
                                "%s is %s: toygres operation watch %s"
                                        .formatted(o.type(), o.state(), o.id()));
                    }
                });
        return operation;
    }
}
