package dev.toygres.server.health;

import dev.toygres.api.AutoFailoverStatus;
import dev.toygres.api.HealthConfigRequest;
import dev.toygres.api.HealthMonitorConfig;
import dev.toygres.api.InstanceHealth;
import dev.toygres.api.PauseRequest;
import dev.toygres.orchestrations.health.Monitors;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Footprint;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** How an instance is, how it is watched, and what would happen now. */
@RestController
@RequestMapping(path = "/api/v1/instances", produces = "application/json")
public final class HealthController {
    private final Monitors monitors;

    public HealthController(Monitors monitors) {
        this.monitors = monitors;
    }

    @GetMapping("/{id}/health-config")
    HealthMonitorConfig config(@PathVariable("id") String id) {
        return HealthJson.shown(monitors.config(id));
    }

    @PutMapping(path = "/{id}/health-config", consumes = "application/json")
    HealthMonitorConfig configure(
            @PathVariable("id") String id, @RequestBody HealthConfigRequest body) {
        return HealthJson.shown(monitors.configure(id, HealthJson.config(body)));
    }

    @GetMapping("/{id}/health")
    InstanceHealth health(@PathVariable("id") String id) {
        return new InstanceHealth(id, monitors.health(id).stream().map(HealthJson::shown).toList());
    }

    @GetMapping("/{id}/auto-failover")
    AutoFailoverStatus status(@PathVariable("id") String id) {
        return HealthJson.shown(monitors.status(id));
    }

    @PostMapping(path = "/{id}/auto-failover:pause", consumes = "application/json")
    AutoFailoverStatus pause(
            @PathVariable("id") String id,
            @RequestBody PauseRequest body,
            HttpServletRequest request) {
        new Fields().needed("until", body.until()).needed("reason", body.reason()).done();
        Footprint.of(request).detail("until %s: %s".formatted(body.until(), body.reason()));
        return HealthJson.shown(monitors.pause(id, body.until(), body.reason()));
    }

    @PostMapping("/{id}/auto-failover:resume")
    AutoFailoverStatus resume(@PathVariable("id") String id) {
        return HealthJson.shown(monitors.resume(id));
    }
}
