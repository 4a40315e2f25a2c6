package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Finds ports that nobody uses now. Not from the range that the kernel gives to outgoing
 * connections: such a port could be taken while ours is down.
 */
final class FreePorts {
    static final String LOOPBACK = "127.0.0.1";
    private static final int FIRST = 15_000;
    private static final int BEYOND = 32_000;
    private static final int TRIES = 1000;

    private static final String ALL_OF_LOOPBACK = "127.";

    private final RandomGenerator random;
    private final Set<Integer> given = new HashSet<>();

    FreePorts(RandomGenerator random) {
        this.random = random;
    }

    int on(String address) {
        for (int i = 0; i < TRIES; i++) {
            int port = random.nextInt(FIRST, BEYOND);
            if (isFree(address, port) && given.add(port)) {
                return port;
            }
        }
        throw new CommandFailed(ExitCode.FAILED, "no free port was found on " + address);
    }

    /** Nobody else than this machine gets there. */
    static boolean isLoopback(String address) {
        return address.startsWith(ALL_OF_LOOPBACK) || address.equals("::1");
    }

    static boolean isFree(String address, int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
