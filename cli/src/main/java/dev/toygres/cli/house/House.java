package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import dev.toygres.client.Json;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * What an installation is made of, as kept in house.json, so that each start finds the same ports
 * and hosts again.
 *
 * @param cataloguePort of the embedded catalogue; absent when the catalogue is somebody else's
 */
record House(Optional<Integer> cataloguePort, List<Server> servers, List<Host> hosts) {
    House {
        servers = List.copyOf(servers);
        hosts = List.copyOf(hosts);
    }

    /** One server process. */
    record Server(int number, String address, int port) {
        /** The first one has no number in its name. */
        String process() {
            return number == 1 ? "server" : "server-" + number;
        }

        String url() {
            String host = address.contains(":") ? "[" + address + "]" : address;
            return (isSecure() ? "https://" : "http://") + host + ":" + port;
        }

        /** Tokens and passwords go over no network in the clear. */
        boolean isSecure() {
            return !FreePorts.isLoopback(address);
        }
    }

    /**
     * One agent, and where it listens.
     *
     * @param endpointAddresses under which it may serve endpoints in place of a host that died
     */
    record Host(
            String id,
            String region,
            String availabilityZone,
            String address,
            int port,
            Optional<String> endpointAddresses) {
        private static final String LOOPBACK = "127.0.0.0/8";

        /** Hosts of one machine share its loopback addresses. */
        Optional<String> mayServe() {
            return endpointAddresses.or(
                    () -> Optional.of(LOOPBACK).filter(_ -> FreePorts.isLoopback(address)));
        }

        String process() {
            return "agent-" + id;
        }
    }

    static Optional<House> read(Home home) {
        if (!Files.isReadable(home.house())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.mapper().readValue(home.house(), House.class));
        } catch (JacksonException e) {
            throw new CommandFailed(
                    ExitCode.FAILED,
                    home.house() + " cannot be read: " + e.getOriginalMessage(),
                    e);
        }
    }

    void write(Home home, ServiceUser user) {
        user.write(home.house(), Json.mapper().writeValueAsString(this) + "\n");
    }

    /** Its server is on another machine. */
    boolean servesOnlyAsHost() {
        return servers.isEmpty() && !hosts.isEmpty();
    }

    /** Where its servers listen. */
    String address() {
        return servers.isEmpty() ? FreePorts.LOOPBACK : servers.getFirst().address();
    }

    House withServers(int count, String address, FreePorts ports) {
        var all = new ArrayList<>(servers);
        for (int number = all.size() + 1; number <= count; number++) {
            all.add(new Server(number, address, ports.on(address)));
        }
        return new House(cataloguePort, all, hosts);
    }

    /**
     * Hosts host-1 to host-n, each in a zone of its own: at loopback addresses, or the one where
     * the servers listen.
     */
    House withHosts(int count, FreePorts ports) {
        var all = new ArrayList<>(hosts);
        for (int number = 1; number <= count; number++) {
            String id = "host-" + number;
            if (all.stream().noneMatch(host -> host.id().equals(id))) {
                String address = FreePorts.isLoopback(address()) ? "127.0.0." + number : address();
                String zone = "local-" + zone(number);
                all.add(new Host(id, "local", zone, address, ports.on(address), Optional.empty()));
            }
        }
        return new House(cataloguePort, servers, all);
    }

    House withHost(Host host) {
        var all = new ArrayList<>(hosts);
        all.removeIf(known -> known.id().equals(host.id()));
        all.add(host);
        return new House(cataloguePort, servers, all);
    }

    Host host(String id) {
        return hosts.stream()
                .filter(host -> host.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new CommandFailed(
                                        ExitCode.NOT_FOUND,
                                        "there is no host %s here; there are: %s"
                                                .formatted(
                                                        id,
                                                        String.join(
                                                                ", ",
                                                                hosts.stream()
                                                                        .map(Host::id)
                                                                        .toList()))));
    }

    /** a to z, then aa, ab, ... */
    static String zone(int number) {
        var letters = new StringBuilder();
        for (int rest = number; rest > 0; rest = (rest - 1) / 26) {
            letters.insert(0, (char) ('a' + (rest - 1) % 26));
        }
        return letters.toString();
    }
}
