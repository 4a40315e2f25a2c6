package dev.toygres.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Machines that have only a network in common: a network namespace for each, and a bridge to which
 * this process is connected, too. What one machine sends to another can be lost, without a word and
 * one way only. It takes root and iproute2.
 */
public final class Network implements AutoCloseable {
    /** A frame to nobody: the bridge hands it to everybody, and nobody takes it. */
    private static final String NOBODY = "02:00:00:00:00:01";

    private static final String INSIDE = "eth0";

    /** Names of interfaces have at most 15 characters. */
    private final String name = "tg" + ProcessHandle.current().pid();

    private final int subnet = (int) (ProcessHandle.current().pid() % 250);
    private final int machines;

    private Network(int machines) {
        this.machines = machines;
    }

    public static boolean isPossible() {
        return System.getProperty("user.name").equals("root")
                && Stream.of("/usr/sbin/ip", "/sbin/ip")
                        .map(Path::of)
                        .anyMatch(Files::isExecutable);
    }

    /** Machines 0 to n - 1; this process has an address of its own beside them. */
    public static Network of(int machines) {
        Network network = new Network(machines);
        try {
            network.build();
        } catch (RuntimeException | Error broken) {
            network.close();
            throw broken;
        }
        return network;
    }

    private void build() {
        ip("link", "add", name, "type", "bridge");
        ip("addr", "add", outside() + "/24", "dev", name);
        ip("link", "set", name, "up");
        for (int machine = 0; machine < machines; machine++) {
            String namespace = namespace(machine);
            String cable = name + "-" + machine;
            ip("netns", "add", namespace);
            ip("link", "add", cable, "type", "veth", "peer", "name", INSIDE, "netns", namespace);
            ip("link", "set", cable, "master", name, "up");
            ip("-n", namespace, "link", "set", "lo", "up");
            ip("-n", namespace, "addr", "add", address(machine) + "/24", "dev", INSIDE);
            ip("-n", namespace, "link", "set", INSIDE, "up");
        }
    }

    /** The address of this process, which every machine reaches whatever is cut. */
    public String outside() {
        return "10.231." + subnet + ".254";
    }

    public String address(int machine) {
        return "10.231." + subnet + "." + (machine + 1);
    }

    /** Whose address that is. */
    public int machineAt(String address) {
        return IntStream.range(0, machines)
                .filter(machine -> address(machine).equals(address))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no machine has " + address));
    }

    /** The name of its network namespace. */
    public String namespace(int machine) {
        return name + "m" + machine;
    }

    /** What to put before a command so that it runs on that machine. */
    public List<String> on(int machine) {
        return List.of("ip", "netns", "exec", namespace(machine));
    }

    /** What one sends to the other is lost from now on. */
    public void lose(int from, int to) {
        ip(
                "-n",
                namespace(from),
                "neigh",
                "replace",
                address(to),
                "lladdr",
                NOBODY,
                "nud",
                "permanent",
                "dev",
                INSIDE);
    }

    /** It arrives again. */
    public void carry(int from, int to) {
        ip("-n", namespace(from), "neigh", "del", address(to), "dev", INSIDE);
    }

    /** Nothing goes between the two. */
    public void cut(int one, int other) {
        lose(one, other);
        lose(other, one);
    }

    public void mend(int one, int other) {
        carry(one, other);
        carry(other, one);
    }

    /** Nothing goes between it and any other machine; this process still reaches all of them. */
    public void isolate(int machine) {
        others(machine).forEach(other -> cut(machine, other));
    }

    public void rejoin(int machine) {
        others(machine).forEach(other -> mend(machine, other));
    }

    private IntStream others(int machine) {
        return IntStream.range(0, machines).filter(other -> other != machine);
    }

    private static void ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Command.run(command);
    }

    /** With a namespace goes its end of the cable, and with that the other. */
    @Override
    public void close() {
        for (int machine = 0; machine < machines; machine++) {
            if (Files.exists(Path.of("/run/netns", namespace(machine)))) {
                ip("netns", "del", namespace(machine));
            }
        }
        if (Files.exists(Path.of("/sys/class/net", name))) {
            ip("link", "del", name);
        }
    }
}
