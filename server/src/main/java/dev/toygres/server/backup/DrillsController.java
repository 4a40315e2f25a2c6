package dev.toygres.server.backup;

import dev.toygres.api.Operation;
import dev.toygres.api.Page;
import dev.toygres.api.RestoreDrill;
import dev.toygres.api.RestoreDrillCheck;
import dev.toygres.api.RestoreDrillRequest;
import dev.toygres.api.RestoreDrillSchedule;
import dev.toygres.api.RestoreDrillScheduleConfig;
import dev.toygres.orchestrations.drill.DrillWish;
import dev.toygres.orchestrations.drill.Drills;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Paging;
import dev.toygres.server.operation.AcceptedOperation;
import dev.toygres.store.backup.DrillStore;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Rehearsals of restores. */
@RestController
@RequestMapping(path = "/api/v1/instances/{id}", produces = "application/json")
public final class DrillsController {
    private final Drills drills;
    private final AcceptedOperation accepted;

    public DrillsController(Drills drills, AcceptedOperation accepted) {
        this.drills = drills;
        this.accepted = accepted;
    }

    @PostMapping(path = "/restore-drills", consumes = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> start(
            @PathVariable("id") String id,
            @RequestBody RestoreDrillRequest body,
            HttpServletRequest request) {
        return accepted.of(
                request,
                drills.start(
                        id,
                        new DrillWish(
                                Optional.empty(),
                                Optional.empty(),
                                body.queries(),
                                body.maxRestoreTime(),
                                body.maxDataAge())));
    }

    @GetMapping("/restore-drills")
    Page<RestoreDrill> list(
            @PathVariable("id") String id,
            @RequestParam(name = "limit") Optional<Integer> limit,
            @RequestParam(name = "cursor") Optional<String> cursor) {
        Paging paging = Paging.of(limit, cursor);
        return paging.page(
                drills.list(id, paging.fetch(), paging.after()),
                DrillStore.Row::operationId,
                DrillsController::shown);
    }

    @GetMapping("/restore-drill-schedule")
    RestoreDrillSchedule schedule(@PathVariable("id") String id) {
        return shown(drills.plan(id));
    }

    @PutMapping(path = "/restore-drill-schedule", consumes = "application/json")
    RestoreDrillSchedule schedule(
            @PathVariable("id") String id, @RequestBody RestoreDrillScheduleConfig body) {
        new Fields().needed("cron", body.cron()).done();
        return shown(
                drills.plan(
                        id,
                        new DrillWish(
                                Optional.of(body.cron()),
                                body.timeZone(),
                                body.queries(),
                                body.maxRestoreTime(),
                                body.maxDataAge())));
    }

    @DeleteMapping("/restore-drill-schedule")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void unschedule(@PathVariable("id") String id) {
        drills.unplan(id);
    }

    private static RestoreDrillSchedule shown(DrillStore.Plan plan) {
        return new RestoreDrillSchedule(
                plan.instanceId(),
                plan.cron(),
                plan.timeZone().getId(),
                plan.queries(),
                plan.goals().restoreTime(),
                plan.goals().dataAge(),
                plan.next());
    }

    private static RestoreDrill shown(DrillStore.Row row) {
        return new RestoreDrill(
                row.operationId(),
                row.instanceId(),
                row.backupId(),
                row.state().name(),
                row.startedAt(),
                row.completedAt(),
                row.restorableTo(),
                row.restoreTime(),
                row.dataAge(),
                row.goals().restoreTime(),
                row.goals().dataAge(),
                row.corruption(),
                row.checks().stream()
                        .map(
                                one ->
                                        new RestoreDrillCheck(
                                                one.query(), one.rows(), one.sha256(), one.error()))
                        .toList(),
                row.trouble());
    }
}
