package dev.toygres.orchestrations.health;

import dev.toygres.agentapi.HostStatus.Vitals;
import dev.toygres.durable.Operations;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.health.AutoFailover;
import dev.toygres.model.health.HealthMonitorConfig;
import dev.toygres.model.health.PrimarySight;
import dev.toygres.model.health.Situation;
import dev.toygres.model.health.Situation.Pause;
import dev.toygres.model.health.Work;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HealthStore;
import dev.toygres.store.HealthStore.Monitor;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The desk for health, on the catalogue and on what this server last saw. */
public final class HealthDesk implements Monitors {
    private static final int HISTORY = 20;
    private static final Duration A_MOMENT = Duration.ofSeconds(3);
    private static final Duration LONGEST_PAUSE = Duration.ofDays(30);
    private static final int LONGEST_REASON = 500;

    private final Catalogue catalogue;
    private final Operations operations;
    private final Lanes lanes;
    private final Observations seen;
    private final Sights sights;
    private final InstantSource clock;

    public HealthDesk(
            Catalogue catalogue,
            Operations operations,
            Lanes lanes,
            Observations seen,
            Sights sights,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.operations = operations;
        this.lanes = lanes;
        this.seen = seen;
        this.sights = sights;
        this.clock = clock;
    }

    @Override
    public HealthMonitorConfig config(String instanceId) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle -> {
                            topology(handle, instanceId);
                            return HealthStore.monitor(handle, instanceId).config();
                        });
    }

    @Override
    public HealthMonitorConfig configure(String instanceId, HealthMonitorConfig config) {
        config.checked();
        catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            InstanceStore.lock(handle, instanceId);
                            HealthStore.configure(handle, instanceId, config);
                        });
        return config;
    }

    @Override
    public List<HealthCheck> health(String instanceId) {
        Topology topology = catalogue.jdbi().withHandle(handle -> topology(handle, instanceId));
        return topology.primary()
                .map(
                        primary ->
                                Stream.concat(
                                                Stream.of(check(topology, primary, primary)),
                                                topology.replicas().stream()
                                                        .map(one -> check(topology, primary, one)))
                                        .toList())
                .orElse(List.of());
    }

    private HealthCheck check(Topology topology, MemberRow primary, MemberRow member) {
        boolean isPrimary = member.equals(primary);
        boolean replicates =
                isPrimary
                        ? topology.readyReplicas().stream().allMatch(one -> streams(primary, one))
                        : streams(primary, member);
        Optional<Vitals> vitals = seen.of(member).flatMap(one -> one.vitals());
        if (vitals.isEmpty()) {
            return new HealthCheck(
                    member.id(),
                    isPrimary,
                    false,
                    false,
                    replicates,
                    false,
                    Optional.empty(),
                    false,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    unchecked(member));
        }
        return check(member, isPrimary, replicates, vitals.get());
    }

    private String unchecked(MemberRow member) {
        if (seen.lostFor(member.hostId()).isPresent()) {
            return "its host " + member.hostId() + " does not answer";
        }
        return seen.of(member).isPresent() ? "it is not to run" : "it was not looked at yet";
    }

    private HealthCheck check(
            MemberRow member, boolean isPrimary, boolean replicates, Vitals vitals) {
        boolean healthy =
                vitals.connectivity()
                        && vitals.queryResponsive()
                        && replicates
                        && vitals.diskSpaceOk()
                        && vitals.customCheckOk().orElse(true);
        List<String> words = new ArrayList<>();
        if (!vitals.words().isEmpty()) {
            words.add(vitals.words());
        }
        if (!replicates) {
            words.add(isPrimary ? "a replica does not stream" : "it does not stream");
        }
        return new HealthCheck(
                member.id(),
                isPrimary,
                vitals.connectivity(),
                vitals.queryResponsive(),
                replicates,
                vitals.diskSpaceOk(),
                vitals.customCheckOk(),
                healthy,
                vitals.failuresInARow(),
                Optional.of(vitals.responseMs()),
                Optional.of(clock.instant().minusMillis(vitals.ageMs())),
                String.join("; ", words));
    }

    private boolean streams(MemberRow primary, MemberRow replica) {
        return switch (seen.verdict(primary, replica).state()) {
            case Streaming, Lagging -> true;
            case Provisioning, Syncing, Broken, Promoting, Removing, Stopped -> false;
        };
    }

    @Override
    public AutoFailoverView status(String instanceId) {
        return catalogue.jdbi().withHandle(handle -> status(handle, instanceId));
    }

    private AutoFailoverView status(Handle handle, String id) {
        Topology topology = topology(handle, id);
        if (topology.primary().isEmpty()) {
            throw Refused.conflict(
                    "no-primary-yet", id + " has no primary yet: wait for its creation");
        }
        Monitor monitor = HealthStore.monitor(handle, id);
        List<Instant> past = HealthStore.automaticFailovers(handle, id);
        Work work =
                lanes.holder(id).map(one -> Lanes.work(operations, one)).orElse(new Work.None());
        Situation now = sights.of(topology, monitor, work, past);
        Optional<Pause> pause = monitor.pause().filter(one -> one.until().isAfter(now.now()));
        return new AutoFailoverView(
                id,
                pause.isEmpty() && monitor.config().failoversPerHour() > 0,
                pause,
                monitor.owner(),
                words(topology, now.primary()),
                AutoFailover.of(now),
                AutoFailover.of(now.withDeadPrimary()),
                past.stream()
                        .findFirst()
                        .map(last -> last.plus(monitor.config().cooldown()))
                        .filter(end -> end.isAfter(now.now())),
                (int) past.stream().filter(at -> at.isAfter(now.now().minusSeconds(3600))).count(),
                monitor.config().failoversPerHour(),
                candidates(now),
                HealthStore.decisions(handle, id, HISTORY));
    }

    private static List<Candidate> candidates(Situation now) {
        long most = now.config().maxEligibleLagBytes();
        return now.candidates().stream()
                .map(
                        one ->
                                new Candidate(
                                        one.id(),
                                        one.lagBytes(),
                                        one.priority(),
                                        one.fault()
                                                .or(
                                                        () ->
                                                                one.lagBytes()
                                                                        .filter(lag -> lag > most)
                                                                        .map(
                                                                                lag ->
                                                                                        "is more than %d bytes behind"
                                                                                                .formatted(
                                                                                                        most)))))
                .toList();
    }

    private static String words(Topology topology, PrimarySight primary) {
        String id = topology.placedPrimary().id();
        return switch (primary) {
            case PrimarySight.Well() -> id + " is well";
            case PrimarySight.Unchecked(var why) -> id + ": " + why;
            case PrimarySight.Recovering(var stalled) ->
                    stalled.compareTo(A_MOMENT) < 0
                            ? id + " recovers from a crash"
                            : "%s recovers from a crash, and has not moved for %d s"
                                    .formatted(id, stalled.toSeconds());
            case PrimarySight.Unfit(var since, var why) ->
                    "%s is dead, and was not to be started for %d ms: %s"
                            .formatted(id, since.toMillis(), why);
            case PrimarySight.Stopped() -> id + " was stopped by order";
            case PrimarySight.Dead(var since, var why) ->
                    "%s is dead for %d ms: %s".formatted(id, since.toMillis(), why);
            case PrimarySight.Failing(var checks, var why) ->
                    "%s failed %d checks in a row: %s".formatted(id, checks, why);
            case PrimarySight.Unreachable(var since, var why) ->
                    "of %s nothing is known for %d ms: %s".formatted(id, since.toMillis(), why);
        };
    }

    @Override
    public AutoFailoverView pause(String instanceId, Instant until, String reason) {
        List<FieldFault> faults = new ArrayList<>();
        Instant now = clock.instant();
        if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST_PAUSE))) {
            faults.add(
                    new FieldFault(
                            "until",
                            "must be in the future, within " + LONGEST_PAUSE.toDays() + " days"));
        }
        if (reason.isBlank() || reason.length() > LONGEST_REASON) {
            faults.add(
                    new FieldFault(
                            "reason", "must have 1 to %d characters".formatted(LONGEST_REASON)));
        }
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        return changed(instanceId, Optional.of(new Pause(until, reason)));
    }

    @Override
    public AutoFailoverView resume(String instanceId) {
        return changed(instanceId, Optional.empty());
    }

    private AutoFailoverView changed(String instanceId, Optional<Pause> pause) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceStore.lock(handle, instanceId);
                            HealthStore.pause(handle, instanceId, pause);
                            return status(handle, instanceId);
                        });
    }

    private static Topology topology(Handle handle, String id) {
        return Topology.find(handle, id).orElseThrow(() -> Refused.notFound("instance", id));
    }
}
