package dev.toygres.cli;

import dev.toygres.api.ApplyMode;
import dev.toygres.api.OperationState;
import dev.toygres.api.ParameterChange;
import dev.toygres.api.ParameterPlan;
import dev.toygres.client.PendingOperation;
import dev.toygres.client.ToygresException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that change parameters. */
final class ChangeOptions {
    @Option(
            names = "--dry-run",
            description = "Only tell what would change, who would restart, and for how long.")
    private boolean dryRun;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description =
                    "Not now but then, such as '2026-12-24 03:00:00'; UTC unless a zone is given.")
    private @Nullable Instant at;

    @Option(
            names = "--on-next-restart",
            description = "What needs a restart waits for the next one; the rest at once.")
    private boolean onNextRestart;

    @Option(names = "--reason", paramLabel = "WORDS", description = "For the history.")
    private @Nullable String reason;

    Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    Optional<ApplyMode> mode() {
        if (at != null && onNextRestart) {
            throw new CommandFailed(ExitCode.USAGE, "--at or --on-next-restart, not both");
        }
        if (onNextRestart) {
            return Optional.of(new ApplyMode("OnNextRestart", Optional.empty()));
        }
        return Optional.ofNullable(at).map(time -> new ApplyMode("Scheduled", Optional.of(time)));
    }

    /** Says what a change does that nobody typed, before it is carried out. */
    void announce(
            Session session, Supplier<ParameterPlan> plan, BiConsumer<ParameterPlan, Output> how) {
        if (!dryRun) {
            how.accept(plan.get(), session.output());
        }
    }

    /** Shows the plan, or starts the change and says what came of it. */
    void carryOut(
            Session session,
            WaitOptions waiting,
            String id,
            Supplier<ParameterPlan> plan,
            Supplier<PendingOperation> start) {
        var output = session.output();
        if (dryRun) {
            output.print(plan.get(), one -> ParameterPrinter.print(one, output));
        } else if (at != null) {
            output.print(
                    start.get().accepted(),
                    one ->
                            output.line(
                                    "It waits for its time: toygres params changes %s, or toygres params cancel %s %s"
                                            .formatted(id, id, one.id())));
        } else {
            finish(session, waiting, id, start.get());
        }
    }

    /** Waits for the change, and says what came of it. */
    static void finish(Session session, WaitOptions waiting, String id, PendingOperation pending) {
        try {
            waiting.print(
                    session,
                    pending,
                    _ -> ParameterPrinter.words(change(session, id, pending.id())));
        } catch (ToygresException.OperationFailed ended) {
            if (ended.operation().state() == OperationState.Cancelled) {
                change(session, id, pending.id())
                        .failure()
                        .ifPresent(words -> session.output().note("toygres: " + words));
            }
            throw ended;
        }
    }

    private static ParameterChange change(Session session, String id, String changeId) {
        return session.client().getParameterChange(id, changeId);
    }

    /** NAME=VALUE, as often as you like. */
    static Map<String, Object> values(List<String> assignments) {
        var values = new LinkedHashMap<String, Object>();
        for (var one : assignments) {
            int at = one.indexOf('=');
            if (at < 1) {
                throw new CommandFailed(ExitCode.USAGE, "not NAME=VALUE: " + one);
            }
            values.put(one.substring(0, at).strip(), one.substring(at + 1).strip());
        }
        return values;
    }
}
