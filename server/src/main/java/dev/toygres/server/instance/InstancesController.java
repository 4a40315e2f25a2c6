package dev.toygres.server.instance;

import dev.toygres.api.CreateInstanceRequest;
import dev.toygres.api.Credentials;
import dev.toygres.api.Instance;
import dev.toygres.api.Operation;
import dev.toygres.api.Page;
import dev.toygres.api.ParameterPlan;
import dev.toygres.api.ReplicaConfig;
import dev.toygres.api.UpdateInstanceRequest;
import dev.toygres.model.Refused;
import dev.toygres.model.Size;
import dev.toygres.orchestrations.instance.InstanceView;
import dev.toygres.orchestrations.instance.Instances;
import dev.toygres.orchestrations.parameter.Parameters;
import dev.toygres.server.edge.FieldPaths;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Footprint;
import dev.toygres.server.edge.Paging;
import dev.toygres.server.edge.Revision;
import dev.toygres.server.operation.AcceptedOperation;
import dev.toygres.server.parameter.ParameterJson;
import dev.toygres.server.replica.ReplicaJson;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Instances: what a user creates. */
@RestController
@RequestMapping(path = "/api/v1/instances", produces = "application/json")
public final class InstancesController {
    private static final FieldPaths REPLICAS =
            FieldPaths.insideEach("replicas", "replicaConfig", ReplicaConfig.class);

    private final Instances instances;
    private final Parameters parameters;
    private final AcceptedOperation accepted;

    public InstancesController(
            Instances instances, Parameters parameters, AcceptedOperation accepted) {
        this.instances = instances;
        this.parameters = parameters;
        this.accepted = accepted;
    }

    @PostMapping(consumes = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> create(
            @RequestBody CreateInstanceRequest body, HttpServletRequest request) {
        ReplicaJson.needed(
                        new Fields().needed("id", body.id()), body.replicas().orElseGet(List::of))
                .done();
        Footprint.of(request).instance(body.id());
        return accepted.of(
                request,
                REPLICAS.of(
                        () ->
                                instances.create(
                                        InstanceJson.wish(body, Footprint.of(request).actor()))));
    }

    @GetMapping
    Page<Instance> list(
            @RequestParam(name = "limit") Optional<Integer> limit,
            @RequestParam(name = "cursor") Optional<String> cursor) {
        Paging paging = Paging.of(limit, cursor);
        return paging.page(
                instances.list(paging.fetch(), paging.after()),
                InstanceView::id,
                InstanceJson::shown);
    }

    @GetMapping("/{id}")
    ResponseEntity<Instance> get(@PathVariable("id") String id) {
        return withEtag(instances.get(id));
    }

    /** What another size would do. */
    @PatchMapping(path = "/{id}", consumes = "application/json", params = "dryRun=true")
    ParameterPlan plan(
            @PathVariable("id") String id,
            @RequestParam(name = "dryRun") Optional<Boolean> dryRun,
            @RequestBody UpdateInstanceRequest body,
            HttpServletRequest request) {
        Footprint.of(request).detail("a dry run: nothing was changed");
        Optional<Size> size = body.size().map(InstancesController::size);
        new Fields().check("size", size.isPresent(), "is missing: only it has a plan").done();
        return ParameterJson.shown(id, parameters.planResize(id, size.get()));
    }

    @PatchMapping(path = "/{id}", consumes = "application/json")
    ResponseEntity<Instance> update(
            @PathVariable("id") String id,
            @RequestHeader(name = "If-Match", required = false) Optional<String> ifMatch,
            @RequestBody UpdateInstanceRequest body,
            HttpServletRequest request) {
        Optional<Long> revision = Revision.wanted(ifMatch, "the instance");
        Instances.Change change =
                new Instances.Change(
                        body.deletionProtection(),
                        body.durability(),
                        body.isolationPolicy(),
                        body.readOnlyFallback());
        Optional<Size> size = body.size().map(InstancesController::size);
        new Fields()
                .check(
                        "deletionProtection",
                        !change.isNothing() || size.isPresent(),
                        "is missing, and so are durability, isolationPolicy, readOnlyFallback and"
                                + " size: nothing would change")
                .done();
        InstanceView view = instances.get(id);
        if (revision.isPresent() && view.revision() != revision.get()) {
            throw Revision.mismatch("instance " + id);
        }
        try {
            InstanceView now = change.isNothing() ? view : instances.update(id, change, revision);
            return size.filter(wanted -> wanted != now.size())
                    .map(wanted -> resized(id, wanted, request))
                    .orElseGet(() -> withEtag(now));
        } catch (Refused no) {
            throw no.code().equals("changed-meanwhile") ? Revision.mismatch("instance " + id) : no;
        }
    }

    /** As it is while the operation is at work, which may be over by the time it is read. */
    private ResponseEntity<Instance> resized(String id, Size size, HttpServletRequest request) {
        String operation = parameters.resize(id, size, Footprint.of(request).actor());
        InstanceView view = instances.get(id);
        return ResponseEntity.accepted()
                .eTag(Revision.etag(view.revision()))
                .body(InstanceJson.shown(view, Optional.of(operation)));
    }

    private static Size size(String name) {
        List<String> names = Stream.of(Size.values()).map(Size::name).toList();
        new Fields().check("size", names.contains(name), "must be one of " + names).done();
        return Size.valueOf(name);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> delete(
            @PathVariable("id") String id,
            @RequestParam(name = "keepBackups") Optional<Boolean> keepBackups,
            HttpServletRequest request) {
        return accepted.of(request, instances.delete(id, keepBackups.orElse(true)));
    }

    @PostMapping("/{id}:stop")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> stop(@PathVariable("id") String id, HttpServletRequest request) {
        return accepted.of(request, instances.stop(id));
    }

    @PostMapping("/{id}:start")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> start(@PathVariable("id") String id, HttpServletRequest request) {
        return accepted.of(request, instances.start(id));
    }

    @PostMapping("/{id}:restart")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> restart(@PathVariable("id") String id, HttpServletRequest request) {
        return accepted.of(request, instances.restart(id));
    }

    @PostMapping("/{id}:fence")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> fence(@PathVariable("id") String id, HttpServletRequest request) {
        return accepted.of(request, instances.fence(id));
    }

    @PostMapping("/{id}:unfence")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> unfence(@PathVariable("id") String id, HttpServletRequest request) {
        return accepted.of(request, instances.unfence(id));
    }

    @GetMapping("/{id}/credentials")
    Credentials credentials(@PathVariable("id") String id) {
        return InstanceJson.shown(instances.login(id));
    }

    private static ResponseEntity<Instance> withEtag(InstanceView view) {
        return ResponseEntity.ok()
                .eTag(Revision.etag(view.revision()))
                .body(InstanceJson.shown(view));
    }
}
