package dev.toygres.server.backup;

import dev.toygres.api.Operation;
import dev.toygres.api.RestoreInstanceConfig;
import dev.toygres.api.RestoreRequest;
import dev.toygres.orchestrations.restore.RestoreWish;
import dev.toygres.orchestrations.restore.Restores;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Footprint;
import dev.toygres.server.operation.AcceptedOperation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Restores. */
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class RestoresController {
    private final Restores restores;
    private final AcceptedOperation accepted;

    public RestoresController(Restores restores, AcceptedOperation accepted) {
        this.restores = restores;
        this.accepted = accepted;
    }

    @PostMapping(path = "/restores", consumes = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> restore(
            @RequestBody RestoreRequest body, HttpServletRequest request) {
        new Fields().needed("target", body.target()).done();
        new Fields()
                .needed("target.kind", body.target().kind())
                .needed("target.instanceId", body.target().instanceId())
                .done();
        Footprint.of(request).detail(body.target().kind() + " " + body.target().instanceId());
        return accepted.of(request, restores.restore(wish(body)));
    }

    @PostMapping("/instances/{id}:undo-restore")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> undo(@PathVariable("id") String id, HttpServletRequest request) {
        return accepted.of(request, restores.undo(id));
    }

    private static RestoreWish wish(RestoreRequest body) {
        Optional<RestoreInstanceConfig> config = body.target().config();
        return new RestoreWish(
                body.backupId(),
                body.sourceInstanceId(),
                body.target().kind(),
                body.target().instanceId(),
                body.target().confirmDestructive().orElse(false),
                config.flatMap(RestoreInstanceConfig::postgresVersion),
                config.flatMap(RestoreInstanceConfig::size),
                config.flatMap(RestoreInstanceConfig::region),
                config.flatMap(RestoreInstanceConfig::availabilityZone),
                config.flatMap(RestoreInstanceConfig::deletionProtection).orElse(false),
                new RestoreWish.Goal(
                        body.pointInTime(),
                        body.xid(),
                        body.restorePoint(),
                        body.lsn(),
                        body.latest().orElse(false),
                        body.inclusive().orElse(true)));
    }
}
