package dev.toygres.server.parameter;

import dev.toygres.api.ApplyProfileRequest;
import dev.toygres.api.InstanceParameters;
import dev.toygres.api.Operation;
import dev.toygres.api.Page;
import dev.toygres.api.ParameterChange;
import dev.toygres.api.ParameterDefinition;
import dev.toygres.api.ParameterPlan;
import dev.toygres.api.RevertParametersRequest;
import dev.toygres.api.SetParametersRequest;
import dev.toygres.orchestrations.parameter.NewParameters;
import dev.toygres.orchestrations.parameter.Parameters;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Footprint;
import dev.toygres.server.edge.Paging;
import dev.toygres.server.operation.AcceptedOperation;
import dev.toygres.store.ParameterChangeRow;
import jakarta.servlet.http.HttpServletRequest;
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

/** Postgres parameters: what they are, what they are set to, and what became of changes. */
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class ParametersController {
    private final Parameters parameters;
    private final AcceptedOperation accepted;

    public ParametersController(Parameters parameters, AcceptedOperation accepted) {
        this.parameters = parameters;
        this.accepted = accepted;
    }

    @GetMapping("/parameters/{name}")
    ParameterDefinition describe(
            @PathVariable("name") String name,
            @RequestParam(name = "version") Optional<String> version) {
        return ParameterJson.shown(parameters.describe(name, version));
    }

    @GetMapping("/instances/{id}/parameters")
    InstanceParameters get(@PathVariable("id") String id) {
        return ParameterJson.shown(parameters.get(id));
    }

    @PatchMapping(
            path = "/instances/{id}/parameters",
            consumes = "application/json",
            params = "dryRun=true")
    ParameterPlan plan(
            @PathVariable("id") String id,
            @RequestParam(name = "dryRun") Optional<Boolean> dryRun,
            @RequestBody SetParametersRequest body,
            HttpServletRequest request) {
        return plan(id, ParameterJson.wish(body, who(request)), request);
    }

    /** Whoever writes dryRun in a way of his own must not get a real change. */
    @PatchMapping(path = "/instances/{id}/parameters", consumes = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> set(
            @PathVariable("id") String id,
            @RequestParam(name = "dryRun") Optional<Boolean> dryRun,
            @RequestBody SetParametersRequest body,
            HttpServletRequest request) {
        requireReal(dryRun, request);
        return set(id, ParameterJson.wish(body, who(request)), request);
    }

    @PostMapping(
            path = "/instances/{id}/parameter-profile",
            consumes = "application/json",
            params = "dryRun=true")
    ParameterPlan planProfile(
            @PathVariable("id") String id,
            @RequestParam(name = "dryRun") Optional<Boolean> dryRun,
            @RequestBody ApplyProfileRequest body,
            HttpServletRequest request) {
        return plan(id, ParameterJson.wish(body, who(request)), request);
    }

    @PostMapping(path = "/instances/{id}/parameter-profile", consumes = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> applyProfile(
            @PathVariable("id") String id,
            @RequestParam(name = "dryRun") Optional<Boolean> dryRun,
            @RequestBody ApplyProfileRequest body,
            HttpServletRequest request) {
        requireReal(dryRun, request);
        return set(id, ParameterJson.wish(body, who(request)), request);
    }

    private ParameterPlan plan(String id, NewParameters wish, HttpServletRequest request) {
        Footprint.of(request).detail("a dry run: nothing was changed");
        return ParameterJson.shown(id, parameters.plan(id, wish));
    }

    private ResponseEntity<Operation> set(
            String id, NewParameters wish, HttpServletRequest request) {
        Footprint.of(request).detail("parameters " + String.join(", ", wish.values().keySet()));
        return accepted.of(request, parameters.set(id, wish));
    }

    private static void requireReal(Optional<Boolean> dryRun, HttpServletRequest request) {
        boolean real = dryRun.map(dry -> !dry).orElse(request.getParameter("dryRun") == null);
        new Fields().check("dryRun", real, "must be true or false").done();
    }

    private static String who(HttpServletRequest request) {
        return Footprint.of(request).actor();
    }

    @GetMapping("/instances/{id}/parameter-changes")
    Page<ParameterChange> changes(
            @PathVariable("id") String id,
            @RequestParam(name = "limit") Optional<Integer> limit,
            @RequestParam(name = "cursor") Optional<String> cursor) {
        Paging paging = Paging.of(limit, cursor);
        return paging.page(
                parameters.changes(id, paging.fetch(), paging.after()),
                ParameterChangeRow::id,
                ParameterJson::shown);
    }

    @GetMapping("/instances/{id}/parameter-changes/{changeId}")
    ParameterChange change(
            @PathVariable("id") String id, @PathVariable("changeId") String changeId) {
        return ParameterJson.shown(parameters.change(id, changeId));
    }

    @DeleteMapping("/instances/{id}/parameter-changes/{changeId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cancel(
            @PathVariable("id") String id,
            @PathVariable("changeId") String changeId,
            HttpServletRequest request) {
        Footprint.of(request).detail("change " + changeId);
        parameters.cancel(id, changeId);
    }

    @PostMapping(
            path = "/instances/{id}/parameter-changes/{changeId}:revert",
            params = "dryRun=true")
    ParameterPlan planRevert(
            @PathVariable("id") String id,
            @PathVariable("changeId") String changeId,
            @RequestParam(name = "dryRun") Optional<Boolean> dryRun,
            @RequestBody(required = false) Optional<RevertParametersRequest> body,
            HttpServletRequest request) {
        Footprint.of(request).detail("a dry run: nothing was changed");
        return ParameterJson.shown(
                id, parameters.planRevert(id, changeId, ParameterJson.revert(body, who(request))));
    }

    @PostMapping("/instances/{id}/parameter-changes/{changeId}:revert")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> revert(
            @PathVariable("id") String id,
            @PathVariable("changeId") String changeId,
            @RequestParam(name = "dryRun") Optional<Boolean> dryRun,
            @RequestBody(required = false) Optional<RevertParametersRequest> body,
            HttpServletRequest request) {
        requireReal(dryRun, request);
        Footprint.of(request).detail("back to before " + changeId);
        return accepted.of(
                request, parameters.revert(id, changeId, ParameterJson.revert(body, who(request))));
    }
}
