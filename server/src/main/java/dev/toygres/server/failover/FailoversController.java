package dev.toygres.server.failover;

import dev.toygres.api.FailoverOptions;
import dev.toygres.api.FailoverPlan;
import dev.toygres.api.FailoverRequest;
import dev.toygres.api.FailoverStatus;
import dev.toygres.api.Operation;
import dev.toygres.api.Page;
import dev.toygres.orchestrations.failover.FailoverView;
import dev.toygres.orchestrations.failover.FailoverWish;
import dev.toygres.orchestrations.failover.Failovers;
import dev.toygres.server.edge.FieldPaths;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Footprint;
import dev.toygres.server.edge.Paging;
import dev.toygres.server.operation.AcceptedOperation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Moving the primary, and what is known of every time that it was moved. */
@RestController
@RequestMapping(path = "/api/v1/instances/{id}/failovers", produces = "application/json")
public final class FailoversController {
    private static final FieldPaths PATHS = FieldPaths.inside("options", FailoverOptions.class);

    private final Failovers failovers;
    private final AcceptedOperation accepted;

    public FailoversController(Failovers failovers, AcceptedOperation accepted) {
        this.failovers = failovers;
        this.accepted = accepted;
    }

    @PostMapping(consumes = "application/json", params = "dryRun=true")
    FailoverPlan plan(
            @PathVariable("id") String id,
            @RequestParam(name = "dryRun") Optional<Boolean> dryRun,
            @RequestBody FailoverRequest body,
            HttpServletRequest request) {
        FailoverWish wish = FailoverJson.wish(body);
        Footprint.of(request).detail("a dry run: nothing was changed");
        return FailoverJson.shown(PATHS.of(() -> failovers.plan(id, wish)));
    }

    /** Whoever writes dryRun in a way of his own must not get a real failover. */
    @PostMapping(consumes = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> start(
            @PathVariable("id") String id,
            @RequestParam(name = "dryRun") Optional<Boolean> dryRun,
            @RequestBody FailoverRequest body,
            HttpServletRequest request) {
        boolean real = dryRun.map(dry -> !dry).orElse(request.getParameter("dryRun") == null);
        new Fields().check("dryRun", real, "must be true or false").done();
        FailoverWish wish = FailoverJson.wish(body);
        Footprint.of(request).detail("to " + wish.targetReplicaId().orElse("the best replica"));
        return accepted.of(request, PATHS.of(() -> failovers.start(id, wish)));
    }

    @GetMapping
    Page<FailoverStatus> list(
            @PathVariable("id") String id,
            @RequestParam(name = "limit") Optional<Integer> limit,
            @RequestParam(name = "cursor") Optional<String> cursor) {
        Paging paging = Paging.of(limit, cursor);
        return paging.page(
                failovers.list(id, paging.fetch(), paging.after()),
                FailoverView::operationId,
                FailoverJson::shown);
    }

    @GetMapping("/{operationId}")
    FailoverStatus get(
            @PathVariable("id") String id, @PathVariable("operationId") String operationId) {
        return FailoverJson.shown(failovers.get(id, operationId));
    }
}
