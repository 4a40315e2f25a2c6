package dev.toygres.server.audit;

import dev.toygres.api.AuditEntry;
import dev.toygres.api.Page;
import dev.toygres.server.edge.Paging;
import dev.toygres.store.access.AuditLog;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit log, newest first. */
@RestController
@RequestMapping(path = "/api/v1/audit", produces = "application/json")
public final class AuditController {
    private final AuditLog log;

    public AuditController(AuditLog log) {
        this.log = log;
    }

    @GetMapping
    Page<AuditEntry> list(
            @RequestParam(name = "instanceId") Optional<String> instanceId,
            @RequestParam(name = "limit") Optional<Integer> limit,
            @RequestParam(name = "cursor") Optional<String> cursor) {
        Paging paging = Paging.byNumber(limit, cursor);
        return paging.page(
                log.list(instanceId, paging.fetch(), paging.after()),
                AuditLog.Line::id,
                AuditController::shown);
    }

    private static AuditEntry shown(AuditLog.Line line) {
        return new AuditEntry(
                line.id(),
                line.at(),
                line.deed().actor(),
                line.deed().role(),
                line.deed().action(),
                line.outcome().instanceId(),
                line.outcome().operationId(),
                line.outcome().words(),
                line.outcome().detail(),
                line.deed().source());
    }
}
