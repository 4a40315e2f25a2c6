package dev.toygres.durable;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why an operation failed, as it is shown.
 *
 * @param type the simple name of the error's class
 * @param step the step that failed, if it was one
 */
record Fault(String type, String message, @Nullable String step) {
    private static final int LONGEST = 4000;

    static Fault of(Throwable error) {
        String step = error instanceof StepFailed failed ? failed.step() : null;
        return new Fault(error.getClass().getSimpleName(), message(error), step);
    }

    /** One line about the error and its causes, fit for the journal. */
    static String describe(Throwable error) {
        return cut(error.getClass().getSimpleName() + ": " + message(error));
    }

    /** The paths of the steps whose failure ended the flow. */
    static List<String> failedSteps(Throwable error) {
        var paths = new ArrayList<String>();
        collect(error, paths, 0);
        return paths;
    }

    private static void collect(Throwable error, List<String> paths, int depth) {
        if (error instanceof StepFailed failed) {
            paths.add(failed.step());
        }
        for (Throwable other : error.getSuppressed()) {
            collect(other, paths, depth + 1);
        }
        Throwable cause = error.getCause();
        if (cause != null && depth < 50) {
            collect(cause, paths, depth + 1);
        }
    }

    private static String message(Throwable error) {
        String message = error.getMessage();
        return message == null ? "" : cut(message);
    }

    private static String cut(String text) {
        String clean = text.replace('\u0000', '?');
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + "...";
    }
}
