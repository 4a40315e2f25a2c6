package dev.toygres.agent.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the backends of a postmaster do, by their command lines: whoever is logging in is not in
 * pg_stat_activity yet. Until its startup packet is read, a backend shows the postmaster's own.
 */
public final class Backends {
    private static final Pattern LOGGING_IN =
            Pattern.compile("postgres: .*(authentication|startup|initializing)\\s*");
    private static final Pattern WALSENDER = Pattern.compile("postgres: ([^ ]+: )?walsender .*");
    private static final Pattern CLIENT = Pattern.compile("postgres: .*\\(\\d+\\) (.*)");

    private Backends() {}

    /** Whether somebody is just logging in, or in a statement or transaction. */
    public static boolean busy(long postmaster) {
        var own = Processes.arguments(postmaster);
        return children(postmaster).stream()
                .map(Processes::arguments)
                .anyMatch(shown -> shown.equals(own) || isBusy(shown));
    }

    private static boolean isBusy(List<String> shown) {
        var title = shown.isEmpty() ? "" : shown.getFirst();
        return LOGGING_IN.matcher(title).matches() || isInStatement(title);
    }

    private static boolean isInStatement(String title) {
        var client = CLIENT.matcher(title);
        return client.matches()
                && !WALSENDER.matcher(title).matches()
                && !client.group(1).strip().equals("idle");
    }

    /** Kernels without that file have none to show: then nobody is waited for. */
    private static List<Long> children(long pid) {
        try {
            var text = Files.readString(Path.of("/proc/" + pid + "/task/" + pid + "/children"));
            return Arrays.stream(text.strip().split(" ", -1))
                    .filter(child -> !child.isEmpty())
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException gone) {
            return List.of();
        }
    }
}
