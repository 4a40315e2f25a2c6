package dev.toygres.server.edge;

import static dev.toygres.store.access.Role.admin;
import static dev.toygres.store.access.Role.operator;
import static dev.toygres.store.access.Role.viewer;

import dev.toygres.store.access.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Everything that can be asked, and who may ask it. What is not in this table is not there: the
 * edge answers 404 before any handler is looked for, so a handler that somebody forgot to declare
 * here can never be reached.
 */
public final class Calls {
    static final String METRICS = "metrics.read";
    private static final String API = "/api/v1";
    private static final PathPatternParser PATHS = new PathPatternParser();

    private final List<Call> calls;

    private Calls(List<Call> calls) {
        this.calls = List.copyOf(calls);
    }

    /**
     * @param openMetrics whether metrics need no token
     */
    public static Calls table(boolean openMetrics) {
        return new Calls(
                List.of(
                        change(
                                "POST",
                                "/instances",
                                "instances.create",
                                "Creates an instance",
                                operator),
                        read("/instances", "instances.list", "Lists the instances", viewer),
                        read("/instances/{id}", "instances.get", "Shows an instance", viewer),
                        change(
                                "PATCH",
                                "/instances/{id}",
                                "instances.update",
                                "Changes an instance",
                                operator),
                        change(
                                "DELETE",
                                "/instances/{id}",
                                "instances.delete",
                                "Deletes an instance and its data",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}:stop",
                                "instances.stop",
                                "Stops an instance",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}:start",
                                "instances.start",
                                "Starts a stopped instance",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}:fence",
                                "instances.fence",
                                "Fences an instance: nobody writes, and nothing starts it",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}:unfence",
                                "instances.unfence",
                                "Lets a fenced instance serve again",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}:restart",
                                "instances.restart",
                                "Restarts an instance",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}/replicas",
                                "replicas.add",
                                "Adds a replica",
                                operator),
                        read(
                                "/instances/{id}/replicas",
                                "replicas.list",
                                "Lists the replicas of an instance",
                                viewer),
                        read(
                                "/instances/{id}/replicas/{replicaId}",
                                "replicas.get",
                                "Shows a replica",
                                viewer),
                        change(
                                "PATCH",
                                "/instances/{id}/replicas/{replicaId}",
                                "replicas.update",
                                "Changes a replica while it runs",
                                operator),
                        change(
                                "DELETE",
                                "/instances/{id}/replicas/{replicaId}",
                                "replicas.remove",
                                "Removes a replica and its data, in any state",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}/replicas/{replicaId}:rebuild",
                                "replicas.rebuild",
                                "Makes a replica anew that cannot follow any more",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}/failovers",
                                "failovers.start",
                                "Makes a replica primary; with dryRun=true only tells what would happen",
                                operator),
                        read(
                                "/instances/{id}/failovers",
                                "failovers.list",
                                "Lists the failovers of an instance, newest first",
                                viewer),
                        read(
                                "/instances/{id}/failovers/{operationId}",
                                "failovers.get",
                                "Shows a failover",
                                viewer),
                        read(
                                "/instances/{id}/parameters",
                                "parameters.get",
                                "Shows the Postgres parameters of an instance, set, in force and pending",
                                viewer),
                        change(
                                "PATCH",
                                "/instances/{id}/parameters",
                                "parameters.set",
                                "Changes parameters; with dryRun=true only tells what would happen",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}/parameter-profile",
                                "parameters.profile",
                                "Applies a profile; with dryRun=true only tells what would happen",
                                operator),
                        read(
                                "/instances/{id}/parameter-changes",
                                "parameterChanges.list",
                                "Lists changes of parameters, newest first, with those to come",
                                viewer),
                        read(
                                "/instances/{id}/parameter-changes/{changeId}",
                                "parameterChanges.get",
                                "Shows a change of parameters",
                                viewer),
                        change(
                                "DELETE",
                                "/instances/{id}/parameter-changes/{changeId}",
                                "parameterChanges.cancel",
                                "Withdraws a change that waits for its time",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}/parameter-changes/{changeId}:revert",
                                "parameterChanges.revert",
                                "Goes back to how the parameters were before a change",
                                operator),
                        read(
                                "/parameters/{name}",
                                "parameters.describe",
                                "Describes a parameter of a Postgres major",
                                viewer),
                        read(
                                "/instances/{id}/health-config",
                                "health.config",
                                "Shows how an instance is watched",
                                viewer),
                        change(
                                "PUT",
                                "/instances/{id}/health-config",
                                "health.configure",
                                "Says how an instance is watched, and when it fails over by itself",
                                operator),
                        read(
                                "/instances/{id}/health",
                                "health.get",
                                "Shows the last check of each member",
                                viewer),
                        read(
                                "/instances/{id}/auto-failover",
                                "auto-failover.get",
                                "Tells what would happen now, and what was decided before",
                                viewer),
                        change(
                                "POST",
                                "/instances/{id}/auto-failover:pause",
                                "auto-failover.pause",
                                "No automatic failover until then; a dead primary is restarted",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}/auto-failover:resume",
                                "auto-failover.resume",
                                "Ends the pause",
                                operator),
                        read(
                                "/secrets/{name}",
                                "secrets.get",
                                "Tells since when a secret has its value",
                                operator),
                        change(
                                "PUT",
                                "/secrets/{name}",
                                "secrets.put",
                                "Writes a secret; it is never shown again",
                                operator),
                        read(
                                "/instances/{id}/backup-schedule",
                                "backup-schedule.get",
                                "Shows how the backups of an instance are set up",
                                viewer),
                        change(
                                "PUT",
                                "/instances/{id}/backup-schedule",
                                "backup-schedule.put",
                                "Sets the backups of an instance up; the store is tried first",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}/backup-schedule:pause",
                                "backup-schedule.pause",
                                "Takes no scheduled backups until resumed; WAL is archived all the same",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}/backup-schedule:resume",
                                "backup-schedule.resume",
                                "Takes scheduled backups again; what was due meanwhile is not made up for",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}/backups",
                                "backups.create",
                                "Takes a backup",
                                operator),
                        read(
                                "/instances/{id}/backups",
                                "backups.list",
                                "Lists the backups of an instance, newest first, also of one that is gone",
                                viewer),
                        read(
                                "/instances/{id}/retention-plan",
                                "backups.retention",
                                "Tells what the retention would keep and drop now",
                                viewer),
                        read("/backups/{id}", "backups.get", "Shows a backup", viewer),
                        change(
                                "DELETE",
                                "/backups/{id}",
                                "backups.delete",
                                "Deletes a backup that no other needs",
                                operator),
                        change(
                                "POST",
                                "/backups/{id}:pin",
                                "backups.pin",
                                "Keeps a backup whatever the retention says",
                                operator),
                        change(
                                "POST",
                                "/backups/{id}:unpin",
                                "backups.unpin",
                                "Leaves a backup to the retention again",
                                operator),
                        change(
                                "POST",
                                "/backups/{id}:verify",
                                "backups.verify",
                                "Reads a backup again and compares its checksums",
                                operator),
                        change(
                                "POST",
                                "/backups:import",
                                "backups.import",
                                "Takes in what a store holds, where the catalogue knows nothing of it",
                                operator),
                        read(
                                "/instances/{id}/restore-window",
                                "restores.window",
                                "Shows which points in time can be restored",
                                viewer),
                        read(
                                "/instances/{id}/restore-points",
                                "restore-points.list",
                                "Lists the restore points of an instance, newest first",
                                viewer),
                        change(
                                "POST",
                                "/instances/{id}/restore-points",
                                "restore-points.create",
                                "Gives the present position a name to restore to",
                                operator),
                        change(
                                "POST",
                                "/restores",
                                "restores.start",
                                "Restores to a new instance, or over an existing one",
                                operator),
                        change(
                                "POST",
                                "/instances/{id}:undo-restore",
                                "restores.undo",
                                "Brings the data back that the last restore over the instance replaced",
                                operator),
                        read(
                                "/instances/{id}/restore-drills",
                                "drills.list",
                                "Lists rehearsals of restores, newest first, with what they measured",
                                viewer),
                        change(
                                "POST",
                                "/instances/{id}/restore-drills",
                                "drills.start",
                                "Restores to a throw-away instance, checks, times and drops it",
                                operator),
                        read(
                                "/instances/{id}/restore-drill-schedule",
                                "drills.schedule",
                                "Shows when restores are rehearsed",
                                viewer),
                        change(
                                "PUT",
                                "/instances/{id}/restore-drill-schedule",
                                "drills.configure",
                                "Says when restores are rehearsed, and how good they have to be",
                                operator),
                        change(
                                "DELETE",
                                "/instances/{id}/restore-drill-schedule",
                                "drills.unschedule",
                                "Rehearses no more by itself",
                                operator),
                        reveal(
                                "/instances/{id}/credentials",
                                "credentials.read",
                                "Shows how the owner of an instance gets in",
                                operator),
                        read(
                                "/operations",
                                "operations.list",
                                "Lists operations, newest first",
                                viewer),
                        read("/operations/{id}", "operations.get", "Shows an operation", viewer),
                        read(
                                "/operations/{id}/steps",
                                "operations.steps",
                                "Shows the history of an operation, oldest step first",
                                viewer),
                        read(
                                "/operations/{id}/events",
                                "operations.watch",
                                "Sends every change of an operation as server-sent events, until it is over",
                                viewer),
                        change(
                                "POST",
                                "/operations/{id}:cancel",
                                "operations.cancel",
                                "Asks an operation to stop and undo what it did",
                                operator),
                        change(
                                "POST",
                                "/operations/{id}:retry",
                                "operations.retry",
                                "Takes a failed operation up again at the step that failed",
                                operator),
                        change(
                                "POST",
                                "/operations/{id}:decide",
                                "operations.decide",
                                "Answers the question of an operation that needs a decision",
                                operator),
                        read("/hosts", "hosts.list", "Lists the hosts", viewer),
                        changeAndReveal(
                                "/hosts/join-tokens",
                                "hosts.invite",
                                "Makes a token with which one host can join",
                                admin),
                        join("/hosts:join"),
                        change(
                                "DELETE",
                                "/hosts/{id}",
                                "hosts.forget",
                                "Forgets a host that holds nothing; with force=true one that will never come back",
                                admin),
                        read(
                                "/alerts",
                                "alerts.list",
                                "Lists what somebody should know of, newest first",
                                viewer),
                        change(
                                "POST",
                                "/alerts/{id}:acknowledge",
                                "alerts.acknowledge",
                                "Says that somebody has seen an alert; it is told of less often then",
                                operator),
                        read(
                                "/notification-targets",
                                "notification-targets.get",
                                "Lists who is told of alerts",
                                operator),
                        change(
                                "PUT",
                                "/notification-targets",
                                "notification-targets.replace",
                                "Replaces the list of who is told of alerts",
                                admin),
                        change(
                                "POST",
                                "/notification-targets/{id}:test",
                                "notification-targets.test",
                                "Sends a test notification, once, and tells whether it arrived",
                                operator),
                        read(
                                "/notification-targets/{id}/deliveries",
                                "notification-targets.deliveries",
                                "Lists what a target was told, or is to be, newest first",
                                operator),
                        read("/audit", "audit.list", "Lists who did what, newest first", operator),
                        changeAndReveal(
                                "/tokens",
                                "tokens.create",
                                "Makes an API token; its value is shown only now",
                                admin),
                        read("/tokens", "tokens.list", "Lists the API tokens", admin),
                        change(
                                "DELETE",
                                "/tokens/{id}",
                                "tokens.delete",
                                "Removes an API token; it is refused from then on",
                                admin),
                        open(API + "/openapi.json"),
                        open("/openapi.json"),
                        open("/actuator/health"),
                        open("/actuator/health/{group}"),
                        openMetrics
                                ? open("/actuator/prometheus")
                                : call(
                                        "GET",
                                        "/actuator/prometheus",
                                        METRICS,
                                        "Metrics for Prometheus",
                                        viewer)));
    }

    private static Call read(String path, String action, String summary, Role least) {
        return call("GET", API + path, action, summary, least);
    }

    private static Call call(
            String method, String path, String action, String summary, Role least) {
        return new Call(
                method, PATHS.parse(path), action, summary, Optional.of(least), false, false);
    }

    private static Call change(
            String method, String path, String action, String summary, Role least) {
        return new Call(
                method, PATHS.parse(API + path), action, summary, Optional.of(least), true, false);
    }

    private static Call reveal(String path, String action, String summary, Role least) {
        return new Call(
                "GET", PATHS.parse(API + path), action, summary, Optional.of(least), true, true);
    }

    private static Call changeAndReveal(String path, String action, String summary, Role least) {
        return new Call(
                "POST", PATHS.parse(API + path), action, summary, Optional.of(least), true, true);
    }

    /** Open, because the ticket in its body is the right to call it. */
    private static Call join(String path) {
        return new Call(
                "POST",
                PATHS.parse(API + path),
                "hosts.join",
                "Takes a host in that shows its join token",
                Optional.empty(),
                true,
                false);
    }

    private static Call open(String path) {
        return new Call("GET", PATHS.parse(path), "open", "", Optional.empty(), false, false);
    }

    /** All of them. */
    public List<Call> all() {
        return calls;
    }

    Match find(String method, String uri) {
        PathContainer path = PathContainer.parsePath(uri);
        String wanted = method.equals("HEAD") ? "GET" : method;
        List<Call> there = calls.stream().filter(call -> call.path().matches(path)).toList();
        if (there.isEmpty()) {
            return new Nothing();
        }
        return there.stream()
                .filter(call -> call.method().equals(wanted))
                .min(Comparator.comparing(Call::path, PathPattern.SPECIFICITY_COMPARATOR))
                .<Match>map(call -> new Found(call, subject(call, path)))
                .orElseGet(() -> new OtherMethods(methods(there)));
    }

    private static Optional<String> subject(Call call, PathContainer path) {
        return Optional.ofNullable(call.path().matchAndExtract(path))
                .map(match -> match.getUriVariables().get("id"));
    }

    private static String methods(List<Call> there) {
        var methods = new TreeSet<String>();
        there.forEach(call -> methods.add(call.method()));
        return String.join(", ", methods);
    }

    /** What a path and a method lead to. */
    sealed interface Match {}

    /**
     * @param subject the id in the path
     */
    record Found(Call call, Optional<String> subject) implements Match {}

    record OtherMethods(String allowed) implements Match {}

    record Nothing() implements Match {}
}
