package dev.toygres.agent.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** TCP connections of another process, through /proc. */
public final class Sockets {
    private static final String SOCKET = "socket:[";
    private static final String ESTABLISHED = "01";
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private Sockets() {}

    /** The local ports of its connections to that port of whatever host. */
    public static Set<Integer> connected(long pid, int port) {
        var inodes = inodes(pid);
        var found = new HashSet<Integer>();
        var wanted = ":%04X %s ".formatted(port, ESTABLISHED);
        for (var line : connections()) {
            if (!line.contains(wanted)) {
                continue;
            }
            var words = line.strip().split("\\s+", -1);
            if (words.length > INODE
                    && words[STATE].equals(ESTABLISHED)
                    && port(words[REMOTE]) == port
                    && inodes.contains(words[INODE])) {
                found.add(port(words[LOCAL]));
            }
        }
        return found;
    }

    private static int port(String address) {
        var colon = address.lastIndexOf(':');
        return colon < 0 ? 0 : Integer.parseInt(address.substring(colon + 1), 16);
    }

    private static List<String> connections() {
        var lines = new ArrayList<String>();
        for (var table : new String[] {"tcp", "tcp6"}) {
            lines.addAll(lines(Path.of("/proc/net", table)));
        }
        return lines;
    }

    /** A kernel without IPv6 has no table for it. */
    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table);
        } catch (IOException none) {
            return List.of();
        }
    }

    private static Set<String> inodes(long pid) {
        var found = new HashSet<String>();
        try (var all = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (var one : all) {
                found.add(inode(one));
            }
        } catch (IOException gone) {
            return Set.of();
        }
        return found;
    }

    private static String inode(Path descriptor) {
        try {
            var target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith(SOCKET)
                    ? target.substring(SOCKET.length(), target.length() - 1)
                    : "";
        } catch (IOException closed) {
            return "";
        }
    }
}
