package dev.toygres.cli.house;

import dev.toygres.api.Address;
import dev.toygres.api.JoinHostRequest;
import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The agents of an installation: joined once, then started with their certificate. */
final class Agents {
    private static final String MAIN = "dev.toygres.agent.AgentMain";
    static final int HEAP_MEGABYTES = 128;
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration REPLACED = Duration.ofSeconds(5);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

    private final Home home;
    private final Launch launch;
    private final ServiceUser user;

    /** Where the logs of this start begin: the JVM's and its own. */
    private final Map<House.Host, List<Long>> begins = new HashMap<>();

    Agents(Home home, Launch launch, ServiceUser user) {
        this.home = home;
        this.launch = launch;
        this.user = user;
    }

    Optional<OurProcess> process(House.Host host) {
        return OurProcess.daemon(home, host.process());
    }

    boolean hasJoined(House.Host host) {
        return Files.exists(certificate(host));
    }

    /** The certificate is written last: what is there, is whole. */
    void join(House.Host host, ToygresClient client, String token) {
        var made = HostKey.create(host.id());
        var joined =
                client.joinHost(
                        new JoinHostRequest(
                                token,
                                host.id(),
                                host.region(),
                                host.availabilityZone(),
                                new Address(host.address(), host.port()),
                                made.certificateRequest()));
        user.directory(home.host(host.id()), "rwx--x--x");
        user.directory(home.hostTls(host.id()), "rwx------");
        user.write(key(host), made.key());
        user.write(authority(host), joined.authority());
        user.write(certificate(host), joined.certificate());
    }

    void start(House.Host host, Distribution distribution) {
        var command =
                new ArrayList<>(Jvm.command(distribution, "agent", host.process(), HEAP_MEGABYTES));
        command.addAll(OurProcess.marks(home, host.process()));
        command.addAll(
                List.of(
                        MAIN,
                        "--home",
                        home.directory().toString(),
                        "--host-id",
                        host.id(),
                        "--region",
                        host.region(),
                        "--zone",
                        host.availabilityZone(),
                        "--bind",
                        host.address(),
                        "--port",
                        Integer.toString(host.port()),
                        "--certificate",
                        certificate(host).toString(),
                        "--key",
                        key(host).toString(),
                        "--authority",
                        authority(host).toString(),
                        "--guard",
                        distribution.guard().toString()));
        host.mayServe().ifPresent(range -> command.addAll(List.of("--endpoint-addresses", range)));
        begins.put(host, List.of(LogTail.end(output(host)), LogTail.end(home.log(host.process()))));
        launch.start(command, Map.of(), output(host), home.pidFile(host.process()));
    }

    /** Until the server sees all of them. */
    void awaitUp(List<House.Host> hosts, ToygresClient client) {
        long giveUp = System.nanoTime() + START_LIMIT.toNanos();
        var missing = new ArrayList<>(hosts);
        while (!missing.isEmpty()) {
            var up =
                    ToygresClient.all(client::listHosts, ListQuery.first())
                            .filter(host -> host.state().equals("Up"))
                            .map(dev.toygres.api.Host::id)
                            .toList();
            missing.removeIf(host -> up.contains(host.id()));
            for (var host : missing) {
                boolean gone = isGone(host);
                if (gone || System.nanoTime() > giveUp) {
                    throw new CommandFailed(
                            ExitCode.FAILED,
                            "%s %s:\n%s"
                                    .formatted(
                                            host.process(),
                                            gone ? "did not start" : "is not seen by the server",
                                            complaint(host)));
                }
            }
            if (!missing.isEmpty()) {
                Pause.of(Duration.ofMillis(50));
            }
        }
    }

    /** A guard may start it at the same moment; then that one stays, and writes its pid. */
    private boolean isGone(House.Host host) {
        long giveUp = System.nanoTime() + REPLACED.toNanos();
        while (process(host).isEmpty()) {
            if (System.nanoTime() > giveUp) {
                return true;
            }
            Pause.of(Duration.ofMillis(50));
        }
        return false;
    }

    /** The agent alone: what it started goes on. */
    void stop(House.Host host) {
        process(host).ifPresent(process -> process.stop(STOP_PATIENCE));
        PidFiles.delete(home.pidFile(host.process()));
    }

    /** What the JVM itself says; the agent keeps a log of its own. */
    private Path output(House.Host host) {
        return home.logs().resolve(host.process() + ".out");
    }

    /** Its own log says more than the JVM, if it came to write one. */
    private String complaint(House.Host host) {
        var begin = begins.getOrDefault(host, List.of(0L, 0L));
        Path own = home.log(host.process());
        return LogTail.end(own) > begin.getLast()
                ? LogTail.of(own, begin.getLast())
                : LogTail.of(output(host), begin.getFirst());
    }

    private Path certificate(House.Host host) {
        return home.hostTls(host.id()).resolve("certificate.pem");
    }

    private Path key(House.Host host) {
        return home.hostTls(host.id()).resolve("key.pem");
    }

    private Path authority(House.Host host) {
        return home.hostTls(host.id()).resolve("authority.pem");
    }
}
