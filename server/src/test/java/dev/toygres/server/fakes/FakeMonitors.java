package dev.toygres.server.fakes;

import dev.toygres.model.Refused;
import dev.toygres.model.health.Decision;
import dev.toygres.model.health.HealthMonitorConfig;
import dev.toygres.model.health.Situation.Pause;
import dev.toygres.orchestrations.health.Monitors;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A desk for the health of one instance, {@code pg}, that is well. */
public final class FakeMonitors implements Monitors {
    private HealthMonitorConfig config = HealthMonitorConfig.DEFAULT;
    private Optional<Pause> pause = Optional.empty();

    private static void known(String id) {
        if (!id.equals("pg")) {
            throw Refused.notFound("instance", id);
        }
    }

    @Override
    public HealthMonitorConfig config(String instanceId) {
        known(instanceId);
        return config;
    }

    @Override
    public HealthMonitorConfig configure(String instanceId, HealthMonitorConfig next) {
        known(instanceId);
        config = next.checked();
        return config;
    }

    @Override
    public List<HealthCheck> health(String instanceId) {
        known(instanceId);
        return List.of(
                new HealthCheck(
                        "pg-m1",
                        true,
                        true,
                        true,
                        true,
                        true,
                        Optional.empty(),
                        true,
                        0,
                        Optional.of(3L),
                        Optional.of(Instant.EPOCH),
                        ""));
    }

    @Override
    public AutoFailoverView status(String instanceId) {
        known(instanceId);
        return new AutoFailoverView(
                instanceId,
                pause.isEmpty(),
                pause,
                Optional.of("server-1"),
                "pg-m1 is well",
                new Decision.Nothing("the primary is well"),
                new Decision.FailOver("pg-r1", "the primary is dead", true, false),
                Optional.empty(),
                0,
                config.failoversPerHour(),
                List.of(new Candidate("pg-r1", Optional.of(0L), 50, Optional.empty())),
                List.of());
    }

    @Override
    public AutoFailoverView pause(String instanceId, Instant until, String reason) {
        pause = Optional.of(new Pause(until, reason));
        return status(instanceId);
    }

    @Override
    public AutoFailoverView resume(String instanceId) {
        pause = Optional.empty();
        return status(instanceId);
    }
}
