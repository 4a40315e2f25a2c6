package dev.toygres.agent;

import dev.toygres.model.AddressRange;
import dev.toygres.model.HostId;
import dev.toygres.model.Name;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an agent is started with.
 *
 * @param port 0 for a free one, which is kept for later starts
 * @param user whom an agent of root lends to Postgres
 * @param endpointAddresses beside its own, under which this host may serve an endpoint in place of
 *     a host that died: those that move to it, or that it shares
 * @param postgresRoot where the majors are installed
 */
public record AgentOptions(
        Path home,
        HostId hostId,
        String region,
        String zone,
        String bind,
        int port,
        Path certificate,
        Path key,
        Path authority,
        Path guard,
        Optional<String> user,
        Path postgresRoot,
        List<AddressRange> endpointAddresses) {

    public AgentOptions {
        endpointAddresses = List.copyOf(endpointAddresses);
    }

    static final String USAGE =
            """
            usage: agent --home DIR --host-id ID --certificate PEM --key PEM --authority PEM --guard FILE
                         [--region NAME] [--zone NAME] [--bind ADDRESS] [--port NUMBER]
                         [--user NAME] [--postgres-root DIR] [--endpoint-addresses RANGE,...]""";

    private static final Set<String> NEEDED =
            Set.of("home", "host-id", "certificate", "key", "authority", "guard");
    private static final Set<String> OTHERS =
            Set.of("region", "zone", "bind", "port", "user", "postgres-root", "endpoint-addresses");

    /** All faults at once. */
    static AgentOptions parse(String... arguments) {
        var faults = new ArrayList<String>();
        var given = values(arguments, faults);
        NEEDED.stream()
                .filter(name -> !given.containsKey(name))
                .sorted()
                .forEach(name -> faults.add("--" + name + " is missing"));
        for (var file : List.of("certificate", "key", "authority", "guard")) {
            if (given.containsKey(file) && !Files.isReadable(Path.of(given.get(file)))) {
                faults.add("--" + file + ": cannot read " + given.get(file));
            }
        }
        Optional.ofNullable(given.get("host-id"))
                .flatMap(Name::fault)
                .ifPresent(fault -> faults.add("--host-id " + fault));
        if (!given.getOrDefault("port", "0").matches("\\d{1,5}")) {
            faults.add("--port is not a number");
        }
        try {
            ranges(given);
        } catch (IllegalArgumentException fault) {
            faults.add("--endpoint-addresses: " + fault.getMessage());
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return of(given);
    }

    private static Map<String, String> values(String[] arguments, List<String> faults) {
        var given = new HashMap<String, String>();
        for (int i = 0; i < arguments.length; i += 2) {
            var name = arguments[i].replaceFirst("^--", "");
            if (!NEEDED.contains(name) && !OTHERS.contains(name)) {
                faults.add("unknown option " + arguments[i]);
            } else if (i + 1 == arguments.length) {
                faults.add(arguments[i] + " needs a value");
            } else {
                given.put(name, arguments[i + 1]);
            }
        }
        return given;
    }

    private static AgentOptions of(Map<String, String> given) {
        return new AgentOptions(
                path(given, "home"),
                new HostId(given.getOrDefault("host-id", "")),
                given.getOrDefault("region", "local"),
                given.getOrDefault("zone", "local-a"),
                given.getOrDefault("bind", "127.0.0.1"),
                Integer.parseInt(given.getOrDefault("port", "0")),
                path(given, "certificate"),
                path(given, "key"),
                path(given, "authority"),
                path(given, "guard"),
                Optional.ofNullable(given.get("user")),
                Path.of(given.getOrDefault("postgres-root", "/usr/lib/postgresql")),
                ranges(given));
    }

    private static List<AddressRange> ranges(Map<String, String> given) {
        return Optional.ofNullable(given.get("endpoint-addresses")).stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(AddressRange::parse)
                .toList();
    }

    private static Path path(Map<String, String> given, String name) {
        return Path.of(given.getOrDefault(name, "")).toAbsolutePath().normalize();
    }
}
