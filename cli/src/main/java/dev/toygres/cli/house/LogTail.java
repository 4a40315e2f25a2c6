package dev.toygres.cli.house;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The end of a log, to say why something did not start. */
final class LogTail {
    private static final int LINES = 15;

    private LogTail() {}

    static String of(Path log) {
        try {
            String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
            List<String> lines = Arrays.asList(text.split("\n", -1));
            int from = Math.max(0, lines.size() - LINES);
            return String.join("\n", lines.subList(from, lines.size())).strip()
                    + "\n(all of it: "
                    + log
                    + ")";
        } catch (IOException e) {
            return "(no log: " + log + ")";
        }
    }
}
