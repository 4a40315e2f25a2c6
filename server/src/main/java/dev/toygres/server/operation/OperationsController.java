package dev.toygres.server.operation;

import dev.toygres.api.Decision;
import dev.toygres.api.Operation;
import dev.toygres.api.OperationState;
import dev.toygres.api.OperationStep;
import dev.toygres.api.Page;
import dev.toygres.durable.Operations;
import dev.toygres.model.Refused;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Footprint;
import dev.toygres.server.edge.Paging;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
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

/** Operations: look at them, cancel, retry, decide. */
@RestController
@RequestMapping(path = "/api/v1/operations", produces = "application/json")
public final class OperationsController {
    private final Operations operations;
    private final OperationJson json;
    private final AcceptedOperation accepted;

    public OperationsController(
            Operations operations, OperationJson json, AcceptedOperation accepted) {
        this.operations = operations;
        this.json = json;
        this.accepted = accepted;
    }

    @GetMapping
    Page<Operation> list(
            @RequestParam(name = "instanceId") Optional<String> instanceId,
            @RequestParam(name = "type") Optional<String> type,
            @RequestParam(name = "state") Optional<OperationState> state,
            @RequestParam(name = "internal") Optional<Boolean> internal,
            @RequestParam(name = "limit") Optional<Integer> limit,
            @RequestParam(name = "cursor") Optional<String> cursor) {
        Paging paging = Paging.of(limit, cursor);
        return paging.page(
                new Wanted(
                                operations,
                                instanceId,
                                type,
                                state.map(OperationsController::inside),
                                internal.orElse(type.isPresent()))
                        .list(paging),
                dev.toygres.durable.Operation::id,
                json::shown);
    }

    private static dev.toygres.durable.OperationState inside(OperationState state) {
        return dev.toygres.durable.OperationState.valueOf(state.name());
    }

    @GetMapping("/{id}")
    Operation get(@PathVariable("id") String id) {
        return json.shown(found(id));
    }

    @GetMapping("/{id}/steps")
    List<OperationStep> steps(@PathVariable("id") String id) {
        found(id);
        return operations.steps(id).stream().map(OperationJson::shown).toList();
    }

    @PostMapping("/{id}:cancel")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> cancel(@PathVariable("id") String id, HttpServletRequest request) {
        about(request, found(id));
        if (!operations.cancel(id)) {
            var operation = found(id);
            throw Refused.conflict(
                    "not-cancellable",
                    operation.state().isFinal()
                            ? "operation " + id + " is over: " + operation.state()
                            : "operation " + id + " is past the point where it can be undone");
        }
        return accepted.of(request, id);
    }

    @PostMapping("/{id}:retry")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> retry(@PathVariable("id") String id, HttpServletRequest request) {
        about(request, found(id));
        if (!operations.retry(id)) {
            throw Refused.conflict(
                    "not-failed",
                    "only a failed operation can be retried; " + id + " is " + found(id).state());
        }
        return accepted.of(request, id);
    }

    @PostMapping(path = "/{id}:decide", consumes = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> decide(
            @PathVariable("id") String id,
            @RequestBody Decision decision,
            HttpServletRequest request) {
        new Fields().needed("action", decision.action()).done();
        about(request, found(id));
        if (!operations.decide(id, decision)) {
            throw Refused.conflict(
                    "nothing-to-decide",
                    "operation " + id + " asks nothing; it is " + found(id).state());
        }
        return accepted.of(request, id);
    }

    private static void about(HttpServletRequest request, dev.toygres.durable.Operation operation) {
        operation.subject().ifPresent(Footprint.of(request)::instance);
    }

    private dev.toygres.durable.Operation found(String id) {
        return operations.find(id).orElseThrow(() -> Refused.notFound("operation", id));
    }
}
