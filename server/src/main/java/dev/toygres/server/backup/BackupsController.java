package dev.toygres.server.backup;

import dev.toygres.api.Backup;
import dev.toygres.api.CreateBackupRequest;
import dev.toygres.api.ImportBackupsRequest;
import dev.toygres.api.Operation;
import dev.toygres.api.Page;
import dev.toygres.orchestrations.backup.Backups;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Footprint;
import dev.toygres.server.edge.Paging;
import dev.toygres.server.operation.AcceptedOperation;
import dev.toygres.store.backup.BackupRow;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Backups, of instances that are there and of those that were. */
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class BackupsController {
    private final Backups backups;
    private final AcceptedOperation accepted;

    public BackupsController(Backups backups, AcceptedOperation accepted) {
        this.backups = backups;
        this.accepted = accepted;
    }

    @PostMapping(path = "/instances/{id}/backups", consumes = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> create(
            @PathVariable("id") String id,
            @RequestBody CreateBackupRequest body,
            HttpServletRequest request) {
        new Fields().needed("backupType", body.backupType()).done();
        new Fields().needed("backupType.kind", body.backupType().kind()).done();
        Footprint.of(request).detail(body.backupType().kind());
        return accepted.of(request, backups.create(id, BackupJson.wish(body)));
    }

    @GetMapping("/instances/{id}/backups")
    Page<Backup> list(
            @PathVariable("id") String id,
            @RequestParam(name = "limit") Optional<Integer> limit,
            @RequestParam(name = "cursor") Optional<String> cursor) {
        Paging paging = Paging.of(limit, cursor);
        return paging.page(
                backups.list(id, paging.fetch(), paging.after()), BackupRow::id, BackupJson::shown);
    }

    @GetMapping("/backups/{id}")
    Backup get(@PathVariable("id") String id) {
        return BackupJson.shown(backups.get(id));
    }

    @PostMapping("/backups/{id}:pin")
    Backup pin(@PathVariable("id") String id, HttpServletRequest request) {
        return pinned(id, true, request);
    }

    @PostMapping("/backups/{id}:unpin")
    Backup unpin(@PathVariable("id") String id, HttpServletRequest request) {
        return pinned(id, false, request);
    }

    private Backup pinned(String id, boolean pinned, HttpServletRequest request) {
        about(request, id);
        return BackupJson.shown(backups.pin(id, pinned));
    }

    @PostMapping("/backups/{id}:verify")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> verify(@PathVariable("id") String id, HttpServletRequest request) {
        about(request, id);
        return accepted.of(request, backups.verify(id));
    }

    @DeleteMapping("/backups/{id}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> delete(@PathVariable("id") String id, HttpServletRequest request) {
        about(request, id);
        return accepted.of(request, backups.delete(id));
    }

    @PostMapping(path = "/backups:import", consumes = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> importFrom(
            @RequestBody ImportBackupsRequest body, HttpServletRequest request) {
        new Fields()
                .needed("instanceId", body.instanceId())
                .needed("storage", body.storage())
                .done();
        new Fields().needed("storage.kind", body.storage().kind()).done();
        return accepted.of(request, backups.importFrom(BackupJson.wish(body)));
    }

    private static void about(HttpServletRequest request, String backupId) {
        Footprint.of(request).detail("backup " + backupId);
    }
}
