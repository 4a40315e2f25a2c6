package dev.toygres.agent.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at processes through /proc. A zombie counts as dead: process 1 may reap late. */
public final class Processes {
    private static final Path PROC = Path.of("/proc");

    /** Counted from the state, which is the first after the name. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;

    private Processes() {}

    /** Whether it runs, in whatever state but dead. */
    public static boolean isAlive(long pid) {
        var state = state(pid);
        return state != 'Z' && state != 'X';
    }

    /** Whether it waits for something: then it has no signal left to look at. */
    public static boolean sleeps(long pid) {
        return state(pid) == 'S';
    }

    private static char state(long pid) {
        try {
            var stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return 'X';
        }
    }

    /** Its arguments; none when it is dead. */
    public static List<String> arguments(long pid) {
        try {
            var line = Files.readString(PROC.resolve(pid + "/cmdline"), StandardCharsets.UTF_8);
            return List.of(line.split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** The ticks that it has worked; empty when it is dead. */
    public static String work(long pid) {
        try {
            var stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            var fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
            return fields.get(USER_TICKS) + "+" + fields.get(SYSTEM_TICKS);
        } catch (IOException gone) {
            return "";
        }
    }

    /** All that it has read and written; empty when it is dead, or does not let us look. */
    public static String traffic(long pid) {
        try {
            return Files.readString(PROC.resolve(pid + "/io"), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            return "";
        }
    }

    /**
     * The process of that pid if it is the one meant: an argument that only it has guards against a
     * pid that was used again.
     */
    public static Optional<Long> known(long pid, String argument) {
        return isAlive(pid) && arguments(pid).contains(argument)
                ? Optional.of(pid)
                : Optional.empty();
    }

    /** Whoever runs that program with an argument that only it has. */
    public static Optional<Long> find(String program, String argument) {
        try (var all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var process : all) {
                var pid = Long.parseLong(process.getFileName().toString());
                var arguments = arguments(pid);
                if (arguments.contains(argument)
                        && Path.of(arguments.getFirst()).endsWith(program)
                        && isAlive(pid)) {
                    return Optional.of(pid);
                }
            }
            return Optional.empty();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Everybody with an argument that holds these words, which only they have. */
    public static List<Long> holding(String words) {
        try (var all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            var found = new ArrayList<Long>();
            for (var process : all) {
                var pid = Long.parseLong(process.getFileName().toString());
                if (arguments(pid).stream().anyMatch(one -> one.contains(words)) && isAlive(pid)) {
                    found.add(pid);
                }
            }
            return found;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** The pid in a pid file, if there is one. */
    public static Optional<Long> pidIn(Path file) {
        try {
            return Optional.of(Long.parseLong(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }
}
