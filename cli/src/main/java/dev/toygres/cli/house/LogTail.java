package dev.toygres.cli.house;

import dev.toygres.client.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Says from a log, in words, why something did not start. */
final class LogTail {
    private static final int LINES = 12;
    private static final int LONGEST = 500;
    private static final int MOST_BYTES = 1_000_000;

    private LogTail() {}

    /** How long it is now: what comes after that is of the next start. */
    static long end(Path log) {
        try {
            return Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    static String of(Path log) {
        return of(log, 0);
    }

    /** The last error since then; without one, the last lines that are not for machines. */
    static String of(Path log, long since) {
        List<String> lines;
        try {
            lines = lines(log, since);
        } catch (IOException e) {
            return "(no log: " + log + ")";
        }
        String error =
                lines.stream()
                        .filter(line -> line.startsWith("{"))
                        .map(LogTail::error)
                        .filter(words -> !words.isEmpty())
                        .reduce("", (_, last) -> last);
        String words = error.isEmpty() ? String.join("\n", plain(lines)) : error;
        return (words.isEmpty() ? "it said nothing" : words) + "\n(its log: " + log + ")";
    }

    private static List<String> lines(Path log, long since) throws IOException {
        try (var channel = Files.newByteChannel(log)) {
            channel.position(Math.max(since, channel.size() - MOST_BYTES));
            var bytes = java.nio.channels.Channels.newInputStream(channel).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        }
    }

    private static List<String> plain(List<String> lines) {
        var plain = lines.stream().filter(line -> !line.startsWith("{")).map(LogTail::cut).toList();
        return plain.subList(Math.max(0, plain.size() - LINES), plain.size());
    }

    /** Empty when the line tells of no error. */
    private static String error(String line) {
        try {
            JsonNode entry = Json.mapper().readTree(line);
            return isError(entry) ? cut(told(entry)) : "";
        } catch (JacksonException e) {
            return "";
        }
    }

    /** The server writes ECS, the agent what Logback writes. */
    private static boolean isError(JsonNode entry) {
        return entry.path("log").path("level").asString("").equals("ERROR")
                || entry.path("level").asString("").equals("ERROR");
    }

    private static String told(JsonNode entry) {
        String message =
                entry.path("message")
                        .asString(entry.path("formattedMessage").asString(""))
                        .lines()
                        .findFirst()
                        .orElse("");
        String cause =
                entry.path("throwable").isObject()
                        ? rootCause(entry.path("throwable"))
                        : rootCause(entry.path("error").path("stack_trace").asString(""));
        return cause.isEmpty() ? message : message + ": " + cause;
    }

    private static String rootCause(JsonNode throwable) {
        JsonNode cause = throwable;
        while (cause.path("cause").isObject()) {
            cause = cause.path("cause");
        }
        return cause.path("message").asString(cause.path("className").asString(""));
    }

    /**
     * What went wrong first stands last; but that a connection was refused says less than who
     * wanted it, and whereto. Of the class only the name that people know.
     */
    private static String rootCause(String trace) {
        String cause = "";
        for (String part : trace.split("Caused by: ", -1)) {
            if (cause.isEmpty() || !part.startsWith("java.net.")) {
                cause = part;
            }
        }
        return cause.lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^(?:[a-z0-9_]+\\.)+(?=[A-Z])", "");
    }

    private static String cut(String words) {
        return words.length() > LONGEST ? words.substring(0, LONGEST) + " ..." : words;
    }
}
