package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import dev.toygres.client.ToygresClient;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All of toygres on this machine. Each step asks first what is so already, so doing it again is
 * harmless, and doing it after something was killed repairs it.
 */
public final class Installation {
    private final Home home;
    private final ServiceUser user;
    private final Secrets secrets;
    private final Catalogue catalogue;
    private final Servers servers;
    private final Agents agents;
    private final Members members;

    private Installation(Home home, ServiceUser user) {
        this.home = home;
        this.user = user;
        var launch = new Launch(home, user);
        secrets = new Secrets(home, user);
        catalogue = new Catalogue(home, user, secrets);
        servers = new Servers(home, launch, secrets);
        agents = new Agents(home, launch, user);
        members = new Members(home);
    }

    /** The one that is there, or not. */
    public static Installation at(Path asked) {
        return new Installation(HomeDirectory.existing(asked), ServiceUser.ofThisProcess());
    }

    /** Makes its directory if need be. */
    public static Installation prepare(Path asked) {
        var user = ServiceUser.ofThisProcess();
        return new Installation(HomeDirectory.of(user).prepare(asked), user);
    }

    public Home home() {
        return home;
    }

    /**
     * What to start.
     *
     * @param hosts at least so many; empty: those that are there, or one
     * @param servers at least so many
     * @param address where they listen, and the first host; empty: where they did, else loopback
     * @param onlyHost just this agent
     * @param databaseUrl of a catalogue that somebody else runs; may be empty
     * @param distribution what was built
     * @param recordings where the daemons record which classes they use; usually nowhere
     */
    public record Wishes(
            Optional<Integer> hosts,
            int servers,
            Optional<String> address,
            Optional<String> onlyHost,
            String databaseUrl,
            Path distribution,
            Optional<Path> recordings) {
        /** Of this machine alone. */
        public static Wishes local(int hosts, Path distribution, Optional<Path> recordings) {
            return new Wishes(
                    Optional.of(hosts),
                    1,
                    Optional.empty(),
                    Optional.empty(),
                    "",
                    distribution,
                    recordings);
        }

        @Override
        public String toString() {
            return "%s hosts, %d servers"
                    .formatted(hosts.map(String::valueOf).orElse("?"), servers);
        }
    }

    public void up(Wishes wishes, Reporter reporter) {
        locked(
                () -> {
                    var distribution =
                            Distribution.stage(wishes.distribution(), home, user)
                                    .recordingTo(wishes.recordings());
                    if (wishes.onlyHost().isPresent()) {
                        startOne(wishes.onlyHost().get(), distribution, reporter);
                    } else if (House.read(home).filter(House::servesOnlyAsHost).isPresent()) {
                        House.read(home).orElseThrow().hosts().stream()
                                .map(House.Host::id)
                                .forEach(id -> startOne(id, distribution, reporter));
                    } else {
                        startAll(wishes, distribution, reporter);
                    }
                    distribution.removeOthers(home);
                });
    }

    /**
     * Starts everything, works a little, stops everything, and leaves in the build what server and
     * agent needed, loaded and linked, so that later starts are quick.
     *
     * @param built gets server.aot and agent.aot
     */
    public void rehearse(Path built, Runnable work) {
        Path recordings = user.directory(home.directory().resolve("recordings"), "rwxr-x---");
        up(Wishes.local(2, built, Optional.of(recordings)), _ -> {});
        work.run();
        down(Optional.empty(), _ -> {});
        var house = House.read(home).orElseThrow(Installation::nothingHere);
        Path server = Jvm.recording(recordings, house.servers().getFirst().process());
        Path agent = Jvm.recording(recordings, house.hosts().getFirst().process());
        var staged = Distribution.stage(built, home, user);
        Together.run(
                List.of(
                        () -> remember(staged, "server", Servers.HEAP_MEGABYTES, server, built),
                        () -> remember(staged, "agent", Agents.HEAP_MEGABYTES, agent, built)));
    }

    private static void remember(
            Distribution staged, String module, int heapMegabytes, Path recording, Path built) {
        Path fresh = built.resolve(module + ".aot.new");
        var command = Jvm.rememberClasses(staged, module, heapMegabytes, recording, fresh);
        Command.of(command).mustSucceed("remembering the classes of the " + module);
        try {
            Files.move(fresh, built.resolve(module + ".aot"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot write to " + built + ": " + e, e);
        }
    }

    private void startAll(Wishes wishes, Distribution distribution, Reporter reporter) {
        var house = planned(wishes);
        house.write(home, user);
        var address = startCatalogue(house, wishes, reporter);
        startServers(house, distribution, address, reporter);
        // Those that have joined need no server to start, and start while it does.
        var idle = house.hosts().stream().filter(host -> agents.process(host).isEmpty()).toList();
        idle.stream().filter(agents::hasJoined).forEach(host -> agents.start(host, distribution));
        house.servers().forEach(servers::awaitReady);
        writeConfig(house);
        if (!idle.isEmpty()) {
            reporter.step("starting " + named(idle, House.Host::id));
        }
        try (var client = client(house)) {
            idle.stream()
                    .filter(host -> !agents.hasJoined(host))
                    .forEach(
                            host -> {
                                agents.join(host, client, client.createJoinToken().token());
                                agents.start(host, distribution);
                            });
            agents.awaitUp(house.hosts(), client);
        }
    }

    private House planned(Wishes wishes) {
        var ports = new FreePorts(new SecureRandom());
        boolean external = !wishes.databaseUrl().isEmpty();
        var known = House.read(home);
        if (known.isPresent() && known.get().cataloguePort().isPresent() == external) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    external
                            ? "TOYGRES_DATABASE_URL is set, but this home has a catalogue of its"
                                    + " own: unset it, or use another home"
                            : "this home uses a catalogue elsewhere: set TOYGRES_DATABASE_URL to"
                                    + " it, as when it was made");
        }
        Optional<Integer> port =
                external ? Optional.empty() : Optional.of(ports.on(FreePorts.LOOPBACK));
        var house = known.orElseGet(() -> new House(port, List.of(), List.of()));
        return house.withServers(wishes.servers(), address(house, wishes), ports)
                .withHosts(wishes.hosts().orElse(known.isPresent() ? 0 : 1), ports);
    }

    /** Hosts elsewhere know it, and the certificate names it: it stays what it is. */
    private static String address(House house, Wishes wishes) {
        String address = wishes.address().orElse(house.address());
        if (!house.servers().isEmpty() && !address.equals(house.address())) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    "--address: the servers of this home listen on %s; use another home for %s"
                            .formatted(house.address(), address));
        }
        if (!FreePorts.isLoopback(address) && wishes.hosts().orElse(1) > 1) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--hosts: %s is one machine, so 0 or 1; others join by 'toygres host join'"
                            .formatted(address));
        }
        return address;
    }

    private Servers.CatalogueAddress startCatalogue(House house, Wishes wishes, Reporter reporter) {
        if (house.cataloguePort().isEmpty()) {
            return Servers.CatalogueAddress.url(wishes.databaseUrl());
        }
        int port = house.cataloguePort().get();
        if (catalogue.process().isEmpty()) {
            reporter.step("starting the catalogue");
            catalogue.start(port);
        }
        return Servers.CatalogueAddress.inFile(catalogue.urlFile(port));
    }

    private void startServers(
            House house,
            Distribution distribution,
            Servers.CatalogueAddress address,
            Reporter reporter) {
        var idle =
                house.servers().stream()
                        .filter(server -> servers.process(server).isEmpty())
                        .toList();
        if (!idle.isEmpty()) {
            reporter.step("starting " + named(idle, House.Server::process));
        }
        idle.forEach(server -> servers.start(server, distribution, address));
    }

    private void startOne(String id, Distribution distribution, Reporter reporter) {
        var house = House.read(home).orElseThrow(Installation::nothingHere);
        var host = house.host(id);
        if (agents.process(host).isEmpty()) {
            reporter.step("starting " + id);
            agents.start(host, distribution);
        }
        if (!house.servers().isEmpty()) {
            try (var client = client(house)) {
                agents.awaitUp(List.of(host), client);
            }
        }
    }

    /** Takes this machine in as a host of a server elsewhere. */
    public void join(
            String id,
            String region,
            String availabilityZone,
            String address,
            Optional<Integer> port,
            Optional<String> endpointAddresses,
            ToygresClient client,
            String token,
            Path built) {
        locked(
                () -> {
                    var distribution = Distribution.stage(built, home, user);
                    var ports = new FreePorts(new SecureRandom());
                    var host =
                            new House.Host(
                                    id,
                                    region,
                                    availabilityZone,
                                    address,
                                    port.orElseGet(() -> ports.on(address)),
                                    endpointAddresses);
                    var house =
                            House.read(home)
                                    .orElseGet(
                                            () ->
                                                    new House(
                                                            Optional.empty(),
                                                            List.of(),
                                                            List.of()));
                    agents.join(host, client, token);
                    house.withHost(host).write(home, user);
                    agents.stop(host);
                    agents.start(host, distribution);
                });
    }

    /** Stops everything, or one agent only; the data stays. */
    public void down(Optional<String> onlyHost, Reporter reporter) {
        var house = House.read(home);
        if (house.isEmpty()) {
            if (onlyHost.isPresent()) {
                throw nothingHere();
            }
            return;
        }
        locked(
                () -> {
                    if (onlyHost.isPresent()) {
                        agents.stop(house.get().host(onlyHost.get()));
                    } else {
                        stopAll(house.get(), reporter);
                    }
                });
    }

    /** All of a host dies at once, for whoever wants to see what comes of it. */
    public void killHost(String hostId) {
        members.kill(House.read(home).orElseThrow(Installation::nothingHere).host(hostId).id());
    }

    /** The Postgres of a member dies, for whoever wants to see what comes of it. */
    public void killPostgres(String memberId) {
        members.killPostgres(memberId);
    }

    /** From the top of the stairs: nobody is left who could start again what is being stopped. */
    private void stopAll(House house, Reporter reporter) {
        reporter.step("stopping servers and agents");
        Stream<Runnable> stops =
                Stream.concat(
                        house.servers().stream().map(server -> () -> servers.stop(server)),
                        house.hosts().stream().map(host -> () -> agents.stop(host)));
        Together.run(stops.toList());
        if (!members.guards().isEmpty() || !members.routers().isEmpty()) {
            reporter.step("stopping instances");
            members.stop();
        }
        if (catalogue.process().isPresent()) {
            reporter.step("stopping the catalogue");
            catalogue.stop();
        }
    }

    public Status status() {
        var house = House.read(home);
        if (house.isEmpty()) {
            return new Status(
                    home.directory().toString(),
                    false,
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    List.of());
        }
        return status(house.get());
    }

    private Status status(House house) {
        var serverParts =
                house.servers().stream()
                        .map(
                                server ->
                                        part(
                                                server.process(),
                                                servers.process(server),
                                                server.url(),
                                                () -> servers.isReady(server)))
                        .toList();
        var hostParts =
                house.hosts().stream()
                        .map(
                                host ->
                                        part(
                                                host.id(),
                                                agents.process(host),
                                                host.address() + ":" + host.port(),
                                                () -> true))
                        .toList();
        var cataloguePart =
                house.cataloguePort()
                        .map(
                                port ->
                                        part(
                                                "catalogue",
                                                catalogue.process(),
                                                FreePorts.LOOPBACK + ":" + port,
                                                () -> true));
        boolean up =
                Stream.of(serverParts.stream(), hostParts.stream(), cataloguePart.stream())
                        .flatMap(Function.identity())
                        .allMatch(Status.Part::isUp);
        return new Status(
                home.directory().toString(),
                up,
                house.servers().stream().findFirst().map(House.Server::url),
                serverParts,
                hostParts,
                cataloguePart,
                Stream.concat(members.guards().stream(), members.routers().stream())
                        .map(
                                found ->
                                        new Status.Part(
                                                found.name(),
                                                "Up",
                                                Optional.of(found.process().pid()),
                                                Optional.empty()))
                        .toList());
    }

    private static Status.Part part(
            String id,
            Optional<OurProcess> process,
            String address,
            java.util.function.BooleanSupplier ready) {
        String state = process.isEmpty() ? "Down" : ready.getAsBoolean() ? "Up" : "Starting";
        return new Status.Part(id, state, process.map(OurProcess::pid), Optional.of(address));
    }

    private void writeConfig(House house) {
        var text = new StringBuilder("# How to reach this installation; 'toygres up' writes it.\n");
        text.append("server: ").append(house.servers().getFirst().url()).append('\n');
        text.append("token: ").append(secrets.read(secrets.adminToken())).append('\n');
        text.append("ca: ")
                .append(
                        house.servers().getFirst().isSecure()
                                ? home.serverCertificate().toString()
                                : "\"\"")
                .append('\n');
        if (house.servers().size() > 1) {
            text.append("servers:\n");
            house.servers().forEach(server -> text.append("- ").append(server.url()).append('\n'));
        }
        user.write(home.config(), text.toString());
    }

    private ToygresClient client(House house) {
        var builder =
                ToygresClient.builder()
                        .servers(house.servers().stream().map(House.Server::url).toList())
                        .token(secrets.read(secrets.adminToken()))
                        .patience(Duration.ofSeconds(20));
        if (house.servers().getFirst().isSecure()) {
            builder.authority(secrets.read(home.serverCertificate()));
        }
        return builder.build();
    }

    /** Two commands at once would start things twice. */
    private void locked(Runnable work) {
        Path file = home.run().resolve("lock");
        try (var channel =
                        FileChannel.open(
                                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            user.own(file);
            work.run();
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot lock " + file + ": " + e, e);
        }
    }

    private static CommandFailed nothingHere() {
        return new CommandFailed(ExitCode.NOT_FOUND, "nothing is installed here: run 'toygres up'");
    }

    /** Removes everything, after it has been stopped; a symbolic link to it as well. */
    public static void remove(Path asked) {
        try {
            if (!Files.exists(asked)) {
                return;
            }
            Tree.delete(asked.toRealPath());
            Files.deleteIfExists(asked);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot remove " + asked + ": " + e, e);
        }
    }

    private static <T> String named(List<T> parts, Function<T, String> name) {
        return String.join(", ", parts.stream().map(name).toList());
    }
}
