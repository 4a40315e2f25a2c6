package dev.toygres.server.alert;

import dev.toygres.api.Alert;
import dev.toygres.api.Page;
import dev.toygres.model.AlertSeverity;
import dev.toygres.orchestrations.alert.AlertView;
import dev.toygres.orchestrations.alert.Alerts;
import dev.toygres.server.edge.Footprint;
import dev.toygres.server.edge.Paging;
import dev.toygres.store.AlertStore;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What somebody should know of, newest first. */
@RestController
@RequestMapping(path = "/api/v1/alerts", produces = "application/json")
public final class AlertsController {
    private final Alerts alerts;

    public AlertsController(Alerts alerts) {
        this.alerts = alerts;
    }

    @GetMapping
    Page<Alert> list(
            @RequestParam(name = "instanceId") Optional<String> instanceId,
            @RequestParam(name = "state") Optional<AlertStore.Which> state,
            @RequestParam(name = "severity") Optional<AlertSeverity> severity,
            @RequestParam(name = "limit") Optional<Integer> limit,
            @RequestParam(name = "cursor") Optional<String> cursor) {
        Paging paging = Paging.byNumber(limit, cursor);
        return paging.page(
                alerts.list(
                        new AlertStore.Filter(instanceId, state, severity),
                        paging.fetch(),
                        paging.after()),
                AlertView::id,
                AlertsController::shown);
    }

    @PostMapping("/{id}:acknowledge")
    Alert acknowledge(@PathVariable("id") String id, HttpServletRequest request) {
        Footprint footprint = Footprint.of(request);
        footprint.detail("alert " + id);
        AlertView seen = alerts.acknowledge(id, footprint.who());
        seen.instanceId().ifPresent(footprint::instance);
        return shown(seen);
    }

    private static Alert shown(AlertView view) {
        return new Alert(
                view.id(),
                view.key(),
                view.instanceId(),
                view.severity().name(),
                view.kind(),
                view.message(),
                view.evidence(),
                view.state().name(),
                view.count(),
                view.raisedAt(),
                view.lastRaisedAt(),
                view.lastNotifiedAt(),
                view.acknowledgedAt(),
                view.acknowledgedBy(),
                view.resolvedAt());
    }
}
