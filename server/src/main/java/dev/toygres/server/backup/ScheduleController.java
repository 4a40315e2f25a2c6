package dev.toygres.server.backup;

import dev.toygres.api.BackupSchedule;
import dev.toygres.api.BackupScheduleConfig;
import dev.toygres.api.CreateRestorePointRequest;
import dev.toygres.api.Operation;
import dev.toygres.api.RestorePoint;
import dev.toygres.api.RestoreWindow;
import dev.toygres.api.RetentionPlan;
import dev.toygres.orchestrations.backup.Backups;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Footprint;
import dev.toygres.server.operation.AcceptedOperation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** When backups are taken, where they go, and what they are good for. */
@RestController
@RequestMapping(path = "/api/v1/instances/{id}", produces = "application/json")
public final class ScheduleController {
    private final Backups backups;
    private final AcceptedOperation accepted;

    public ScheduleController(Backups backups, AcceptedOperation accepted) {
        this.backups = backups;
        this.accepted = accepted;
    }

    @GetMapping("/backup-schedule")
    BackupSchedule get(@PathVariable("id") String id) {
        return BackupJson.shown(backups.schedule(id));
    }

    @PutMapping(path = "/backup-schedule", consumes = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> put(
            @PathVariable("id") String id,
            @RequestBody BackupScheduleConfig body,
            HttpServletRequest request) {
        new Fields()
                .needed("fullBackupCron", body.fullBackupCron())
                .needed("config", body.config())
                .done();
        new Fields().needed("config.storage", body.config().storage()).done();
        new Fields()
                .needed("config.storage.kind", body.config().storage().kind())
                .check(
                        "config.encryption.keyRef",
                        body.config().encryption().map(one -> one.keyRef() != null).orElse(true),
                        "is missing")
                .done();
        Footprint.of(request).detail("to " + body.config().storage().kind());
        return accepted.of(request, backups.configure(id, BackupJson.wish(body)));
    }

    @PostMapping("/backup-schedule:pause")
    BackupSchedule pause(@PathVariable("id") String id) {
        return BackupJson.shown(backups.pause(id, true));
    }

    @PostMapping("/backup-schedule:resume")
    BackupSchedule resume(@PathVariable("id") String id) {
        return BackupJson.shown(backups.pause(id, false));
    }

    @GetMapping("/retention-plan")
    RetentionPlan retention(@PathVariable("id") String id) {
        return BackupJson.shown(backups.retention(id));
    }

    @GetMapping("/restore-window")
    RestoreWindow window(@PathVariable("id") String id) {
        return BackupJson.shown(backups.window(id));
    }

    @GetMapping("/restore-points")
    List<RestorePoint> points(@PathVariable("id") String id) {
        return backups.restorePoints(id).stream().map(BackupJson::shown).toList();
    }

    @PostMapping(path = "/restore-points", consumes = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> point(
            @PathVariable("id") String id,
            @RequestBody CreateRestorePointRequest body,
            HttpServletRequest request) {
        new Fields().needed("name", body.name()).done();
        Footprint.of(request).detail("restore point " + body.name());
        return accepted.of(request, backups.addRestorePoint(id, body.name()));
    }
}
