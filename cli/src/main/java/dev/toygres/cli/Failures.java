package dev.toygres.cli;

import dev.toygres.api.Problem;
import dev.toygres.client.ToygresException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What is said, and with which code it ends, when a command fails. */
final class Failures implements CommandLine.IExecutionExceptionHandler {
    private final Session session;

    Failures(Session session) {
        this.session = session;
    }

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        switch (failure) {
            case CommandFailed failed -> say(failed.getMessage());
            case ToygresException no -> say(no, command);
            default -> throw failure;
        }
        return exitCode(failure);
    }

    static int exitCode(Exception failure) {
        return switch (failure) {
            case CommandFailed failed -> failed.exitCode();
            case ToygresException.NotFound _ -> ExitCode.NOT_FOUND;
            case ToygresException.Invalid _ -> ExitCode.USAGE;
            case ToygresException.Conflict _,
                    ToygresException.Forbidden _,
                    ToygresException.Unauthorized _,
                    ToygresException.TooManyRequests _ ->
                    ExitCode.REFUSED;
            case ToygresException.TimedOut _ -> ExitCode.TIMED_OUT;
            default -> ExitCode.FAILED;
        };
    }

    private void say(ToygresException no, CommandLine command) {
        if (no instanceof ToygresException.Refusal refusal && !session.output().forPeople()) {
            session.output().note(Output.json(refusal.problem()));
            return;
        }
        switch (no) {
            case ToygresException.Invalid invalid when !invalid.fields().isEmpty() ->
                    invalid.fields().forEach(error -> say(fieldWords(error, command)));
            case ToygresException.Unavailable _ ->
                    say(no.getMessage() + "; is it up? Try 'toygres status', 'toygres up'");
            case ToygresException.Unauthorized _ ->
                    say(
                            no.getMessage()
                                    + "; the token comes from --token-file, TOYGRES_TOKEN or"
                                    + " config.yaml");
            case ToygresException.OperationFailed failed ->
                    say(plain(no.getMessage(), command) + hint(failed));
            case ToygresException.TimedOut late ->
                    say(
                            no.getMessage()
                                    + "; see 'toygres operation watch "
                                    + late.operation().id()
                                    + "'");
            default -> say(plain(no.getMessage(), command));
        }
    }

    private static String hint(ToygresException.OperationFailed failed) {
        String id = failed.operation().id();
        return switch (failed.operation().state()) {
            case NeedsDecision -> "; decide with 'toygres operation decide " + id + "'";
            case Failed ->
                    "; see 'toygres operation show "
                            + id
                            + "', try again with 'toygres operation retry "
                            + id
                            + "'";
            case Pending, Running, Waiting, Succeeded, Cancelled -> "";
        };
    }

    private void say(@Nullable String words) {
        session.output().note("toygres: " + words);
    }

    /** The field in the user's words: the option or argument that filled it. */
    static String fieldWords(Problem.FieldError error, CommandLine command) {
        return OptionNames.of(error.field(), command.getCommandSpec())
                + ": "
                + plain(error.message(), command);
    }

    private static String plain(@Nullable String message, CommandLine command) {
        return Durations.in(OptionNames.in(String.valueOf(message), command.getCommandSpec()));
    }

    /** A wrong command line: what is wrong, what may have been meant, where help is. */
    static int usage(CommandLine.ParameterException wrong, String[] given) {
        var command = wrong.getCommandLine();
        List<String> lines = new ArrayList<>();
        lines.add("toygres: " + wrong.getMessage());
        var err = command.getErr();
        lines.forEach(err::println);
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCode.USAGE;
    }
}
