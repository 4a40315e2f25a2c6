package dev.toygres.agent.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Connections of a postmaster that are being made. They are not in pg_stat_activity yet, but a
 * backend shows its progress as its command line; until the startup packet is read it shows the
 * postmaster's.
 */
public final class Logins {
    private static final Pattern UNDERWAY =
            Pattern.compile("postgres: .*(authentication|startup|initializing)\\s*");

    private Logins() {}

    /** Whether somebody is just logging in. */
    public static boolean underway(long postmaster) {
        var own = Processes.arguments(postmaster);
        return children(postmaster).stream()
                .map(Processes::arguments)
                .anyMatch(shown -> shown.equals(own) || isUnderway(shown));
    }

    private static boolean isUnderway(List<String> shown) {
        return !shown.isEmpty() && UNDERWAY.matcher(shown.getFirst()).matches();
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
