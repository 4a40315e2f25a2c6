package dev.toygres.server.replica;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.Operation;
import dev.toygres.api.Page;
import dev.toygres.api.Replica;
import dev.toygres.api.ReplicaConfig;
import dev.toygres.api.UpdateReplicaRequest;
import dev.toygres.orchestrations.replica.Copy;
import dev.toygres.orchestrations.replica.ReplicaChange;
import dev.toygres.orchestrations.replica.ReplicaView;
import dev.toygres.orchestrations.replica.Replicas;
import dev.toygres.server.edge.FieldPaths;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Footprint;
import dev.toygres.server.edge.Paging;
import dev.toygres.server.operation.AcceptedOperation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The replicas of an instance. */
@RestController
@RequestMapping(path = "/api/v1/instances/{id}/replicas", produces = "application/json")
public final class ReplicasController {
    private static final FieldPaths PATHS = FieldPaths.inside("replicaConfig", ReplicaConfig.class);

    private final Replicas replicas;
    private final AcceptedOperation accepted;

    public ReplicasController(Replicas replicas, AcceptedOperation accepted) {
        this.replicas = replicas;
        this.accepted = accepted;
    }

    @PostMapping(consumes = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> add(
            @PathVariable("id") String id,
            @RequestBody AddReplicaRequest body,
            HttpServletRequest request) {
        new Fields().needed("replicaId", body.replicaId()).done();
        about(request, body.replicaId());
        return accepted.of(request, PATHS.of(() -> replicas.add(id, ReplicaJson.wish(body))));
    }

    @GetMapping
    Page<Replica> list(
            @PathVariable("id") String id,
            @RequestParam(name = "limit") Optional<Integer> limit,
            @RequestParam(name = "cursor") Optional<String> cursor) {
        Paging paging = Paging.of(limit, cursor);
        List<ReplicaView> rest =
                replicas.list(id).stream()
                        .sorted(Comparator.comparing(ReplicaView::id))
                        .filter(replica -> replica.id().compareTo(paging.after().orElse("")) > 0)
                        .limit(paging.fetch())
                        .toList();
        return paging.page(rest, ReplicaView::id, ReplicaJson::shown);
    }

    @GetMapping("/{replicaId}")
    Replica get(@PathVariable("id") String id, @PathVariable("replicaId") String replicaId) {
        return ReplicaJson.shown(replicas.get(id, replicaId));
    }

    @PatchMapping(path = "/{replicaId}", consumes = "application/json")
    Replica update(
            @PathVariable("id") String id,
            @PathVariable("replicaId") String replicaId,
            @RequestBody UpdateReplicaRequest body,
            HttpServletRequest request) {
        about(request, replicaId);
        new Fields()
                .check(
                        "promotable",
                        body.promotable().isPresent()
                                || body.priority().isPresent()
                                || body.maxLagBytes().isPresent()
                                || body.unboundedLag().isPresent()
                                || body.replicationMode().isPresent(),
                        "is missing, and so are priority, maxLagBytes, unboundedLag and"
                                + " replicationMode: nothing would change")
                .check(
                        "unboundedLag",
                        body.maxLagBytes().isEmpty() || !body.unboundedLag().orElse(false),
                        "must not be true beside maxLagBytes")
                .done();
        return ReplicaJson.shown(
                replicas.update(
                        id,
                        replicaId,
                        new ReplicaChange(
                                body.promotable(),
                                body.priority(),
                                body.maxLagBytes(),
                                body.unboundedLag().orElse(false),
                                body.replicationMode())));
    }

    @DeleteMapping("/{replicaId}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> remove(
            @PathVariable("id") String id,
            @PathVariable("replicaId") String replicaId,
            HttpServletRequest request) {
        about(request, replicaId);
        return accepted.of(request, replicas.remove(id, replicaId));
    }

    @PostMapping("/{replicaId}:rebuild")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> rebuild(
            @PathVariable("id") String id,
            @PathVariable("replicaId") String replicaId,
            @RequestParam(name = "copyFrom") Optional<String> copyFrom,
            @RequestParam(name = "copyBytesPerSecond") Optional<Long> copyBytesPerSecond,
            HttpServletRequest request) {
        about(request, replicaId);
        return accepted.of(
                request, replicas.rebuild(id, replicaId, new Copy(copyFrom, copyBytesPerSecond)));
    }

    private static void about(HttpServletRequest request, String replicaId) {
        Footprint.of(request).detail("replica " + replicaId);
    }
}
