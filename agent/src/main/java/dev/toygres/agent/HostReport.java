package dev.toygres.agent;

import com.sun.management.OperatingSystemMXBean;
import dev.toygres.agent.files.AgentHome;
import dev.toygres.agent.job.Jobs;
import dev.toygres.agent.member.Ground;
import dev.toygres.agent.member.Members;
import dev.toygres.agent.routing.Endpoints;
import dev.toygres.agentapi.Agent.MemberHealth;
import dev.toygres.agentapi.Agent.WalPiece;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.MemberParameters;
import dev.toygres.agentapi.MemberSessions;
import dev.toygres.model.Lsn;
import dev.toygres.model.MemberId;
import dev.toygres.model.parameter.ParameterDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the host has and sees. */
final class HostReport implements OpenHost {
    private final String bootId = UUID.randomUUID().toString();
    private final boolean revived = System.getenv("TOYGRES_AGENT_REVIVED") != null;
    private final Instant startedAt = Instant.now();
    private final AgentOptions options;
    private final AgentHome home;
    private final Ground ground;
    private final Optional<String> engine;
    private final Members members;
    private final Endpoints endpoints;
    private final Pulse pulse;
    private final Jobs jobs;

    HostReport(
            AgentOptions options,
            AgentHome home,
            Ground ground,
            Members members,
            Endpoints endpoints,
            Pulse pulse,
            Jobs jobs) {
        this.options = options;
        this.home = home;
        this.ground = ground;
        engine = ground.engine().version();
        this.members = members;
        this.endpoints = endpoints;
        this.pulse = pulse;
        this.jobs = jobs;
    }

    Instant startedAt() {
        return startedAt;
    }

    @Override
    public HostStatus statusAfter(long seen, Duration wait) throws InterruptedException {
        pulse.await(seen, wait);
        return status();
    }

    @Override
    public WalPiece wal(MemberId member, int timeline, Lsn from, int most) {
        return members.wal(member, timeline, from, most);
    }

    @Override
    public HostStatus status() {
        // First: whoever reads an old pulse with a new state only asks once more.
        var beat = pulse.now();
        try {
            FileStore disk = Files.getFileStore(home.host());
            return new HostStatus(
                    home.hostId().value(),
                    options.region(),
                    options.zone(),
                    bootId,
                    startedAt,
                    ground.installations().versions(),
                    Runtime.getRuntime().availableProcessors(),
                    memoryBytes(),
                    disk.getTotalSpace(),
                    disk.getUsableSpace(),
                    members.status(),
                    endpoints.status(),
                    engine,
                    options.endpointAddresses(),
                    beat,
                    revived,
                    jobs.highestToken());
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static long memoryBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }

    @Override
    public List<String> log(MemberId member, int lines) {
        return members.log(member, lines);
    }

    @Override
    public MemberHealth health(MemberId member, Duration timeout) {
        return members.health(member, timeout);
    }

    @Override
    public MemberSessions sessions(MemberId member) {
        return members.sessions(member);
    }

    @Override
    public MemberParameters parameters(MemberId member) {
        return members.parameters(member);
    }

    @Override
    public List<ParameterDefinition> definitions(int postgresMajor, String libraries) {
        return members.definitions(postgresMajor, libraries);
    }
}
