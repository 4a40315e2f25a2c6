package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Starts daemons: in a session of their own, as the service user, with a log instead of a terminal.
 */
final class Launch {
    private static final Set<String> KEPT = Set.of("LANG", "TZ", "TMPDIR", "JAVA_HOME");
    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Home home;
    private final ServiceUser user;

    Launch(Home home, ServiceUser user) {
        this.home = home;
        this.user = user;
    }

    /** Returns its pid at once; the pid file is written before anything can go wrong with it. */
    long start(List<String> command, Map<String, String> environment, Path log, Path pidFile) {
        var words = new ArrayList<>(user.prefix());
        // setsid and setpriv become the command, so its pid is the one that Java knows.
        words.add("setsid");
        words.addAll(command);
        user.log(log);
        var builder =
                new ProcessBuilder(words)
                        .directory(home.directory().toFile())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        cleanEnvironment(builder.environment());
        builder.environment().put("HOME", home.directory().toString());
        builder.environment().putAll(environment);
        try {
            long pid = builder.start().pid();
            user.write(pidFile, pid + "\n");
            return pid;
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot start " + command.getFirst(), e);
        }
    }

    /** Daemons get nothing by chance: no settings of the shell that happened to run `up`. */
    static void cleanEnvironment(Map<String, String> environment) {
        environment.keySet().removeIf(name -> !KEPT.contains(name) && !name.startsWith("LC_"));
        environment.put("PATH", PATH);
    }
}
