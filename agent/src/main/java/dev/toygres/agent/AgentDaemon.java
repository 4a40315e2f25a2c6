package dev.toygres.agent;

import dev.toygres.agent.backup.PgBackRest;
import dev.toygres.agent.files.AgentHome;
import dev.toygres.agent.files.Ballast;
import dev.toygres.agent.files.Durable;
import dev.toygres.agent.http.AgentServer;
import dev.toygres.agent.job.Jobs;
import dev.toygres.agent.job.Orders;
import dev.toygres.agent.member.Backups;
import dev.toygres.agent.member.Ground;
import dev.toygres.agent.member.Installations;
import dev.toygres.agent.member.Leases;
import dev.toygres.agent.member.Limits;
import dev.toygres.agent.member.Members;
import dev.toygres.agent.member.Ports;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agent.process.Tools;
import dev.toygres.agent.routing.Endpoints;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.lease.BootClock;
import dev.toygres.agentapi.tls.Identity;
import dev.toygres.agentapi.tls.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running agent: its parts, lined up. What it started goes on when it ends. */
public final class AgentDaemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentDaemon.class);

    private final AgentHome home;
    private final HostLock hostLock;
    private final Address address;
    private final Supervisor supervisor;
    private final Pulse pulse;
    private final Leases leases;
    private final AgentServer server;

    public AgentDaemon(AgentOptions options, Limits limits, CrashPoint crash) {
        home = new AgentHome(options.home(), options.hostId());
        home.make();
        Ballast.keep(home.host());
        hostLock = new HostLock(home.host());
        var user = ServiceUser.choose(options.user());
        var tools = new Tools(user);
        var installations = new Installations(options.postgresRoot(), tools);
        var ports = new Ports(options.bind());
        var endpoints = new Endpoints(home, options.bind(), ports, tools, user);
        var ground =
                new Ground(
                        home,
                        options.bind(),
                        options.guard(),
                        user,
                        tools,
                        installations,
                        limits,
                        new PgBackRest(tools, user),
                        BootClock.system(),
                        crash);
        var members = new Members(ground, endpoints, ports, InstantSource.system());
        pulse = new Pulse(members);
        address = new AddressFile(home.addressFile()).choose(options, ports);
        endpoints.adopt();
        members.adopt();
        supervisor = new Supervisor(members, endpoints, home.host());
        var jobs =
                new Jobs(
                        home.fences(),
                        new Orders(members, endpoints, new Backups(ground, members)));
        var report = new HostReport(options, home, ground, members, endpoints, pulse, jobs);
        leases = new Leases(members, identity(options), authority(options), home.beat());
        server =
                new AgentServer(
                        address,
                        Tls.context(identity(options), authority(options)),
                        jobs,
                        report,
                        leases);
        announce(report.startedAt());
    }

    private static Identity identity(AgentOptions options) {
        return new Identity(text(options.certificate()), text(options.key()));
    }

    private static String authority(AgentOptions options) {
        return text(options.authority());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot read " + file, cause);
        }
    }

    /** Only now, when orders are taken, others may find us. */
    private void announce(Instant startedAt) {
        var pid = ProcessHandle.current().pid();
        new AddressFile(home.addressFile()).write(home.hostId(), address, pid, startedAt);
        Durable.writePublic(home.pidFile(), pid + "\n");
        LOG.info("agent of {} listens on {}", home.hostId(), address);
    }

    public Address address() {
        return address;
    }

    @Override
    public void close() {
        server.close();
        pulse.close();
        leases.close();
        supervisor.close();
        Durable.delete(home.pidFile());
        hostLock.close();
        LOG.info("agent of {} ends; what it started goes on", home.hostId());
    }
}
