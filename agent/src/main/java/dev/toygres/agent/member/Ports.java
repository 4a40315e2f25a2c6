package dev.toygres.agent.member;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds free ports, each given out once. They lie below the range from which the kernel takes ports
 * for outgoing connections, so that such a one never sits on the port of a server that restarts.
 */
public final class Ports {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_700;
    private static final int ATTEMPTS = 1_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String bindAddress;
    private final Set<Integer> given = new HashSet<>();

    public Ports(String bindAddress) {
        this.bindAddress = bindAddress;
    }

    /** These are taken, even if nobody listens there now. */
    public synchronized void reserve(int port) {
        given.add(port);
    }

    public synchronized int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var port = RANDOM.nextInt(LOWEST, HIGHEST);
            if (!given.contains(port) && isFree(port)) {
                given.add(port);
                return port;
            }
        }
        throw new OrderFailed("no free port found on " + bindAddress);
    }

    /** Whether one could listen there now. */
    public boolean isFree(int port) {
        return isFree(bindAddress, port);
    }

    /** Likewise, on another address. */
    public static boolean isFree(String address, int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
