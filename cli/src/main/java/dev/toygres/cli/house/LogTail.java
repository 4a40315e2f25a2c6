package dev.toygres.cli.house;

import dev.toygres.client.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The end of a log, to say why something did not start. JSON lines are told in words. */
final class LogTail {
    private static final int LINES = 12;
    private static final int LONGEST = 300;

    private LogTail() {}

    static String of(Path log) {
        try {
            String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
            List<String> lines =
                    text.lines().filter(line -> !line.isBlank()).map(LogTail::words).toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()))
                    + "\n(all of it: "
                    + log
                    + ")";
        } catch (IOException e) {
            return "(no log: " + log + ")";
        }
    }

    private static String words(String line) {
        String words = line.startsWith("{") ? fromJson(line) : line;
        return words.length() > LONGEST ? words.substring(0, LONGEST) + " ..." : words;
    }

    private static String fromJson(String line) {
        try {
            JsonNode entry = Json.mapper().readTree(line);
            String level = entry.path("log").path("level").asString("");
            String message = entry.path("message").asString("").lines().findFirst().orElse("");
            String cause = rootCause(entry.path("error").path("stack_trace").asString(""));
            return cause.isEmpty() ? level + " " + message : level + " " + message + ": " + cause;
        } catch (JacksonException e) {
            return line;
        }
    }

    /** What went wrong first stands last. */
    private static String rootCause(String trace) {
        String marker = "Caused by: ";
        int last = trace.lastIndexOf(marker);
        String cause = last < 0 ? trace : trace.substring(last + marker.length());
        return cause.lines().findFirst().orElse("");
    }
}
