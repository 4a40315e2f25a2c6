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
                        change("POST", "/instances", "instances.create", operator),
                        read("/instances", "instances.list", viewer),
                        read("/instances/{id}", "instances.get", viewer),
                        change("PATCH", "/instances/{id}", "instances.update", operator),
                        change("DELETE", "/instances/{id}", "instances.delete", operator),
                        change("POST", "/instances/{id}:stop", "instances.stop", operator),
                        change("POST", "/instances/{id}:start", "instances.start", operator),
                        change("POST", "/instances/{id}:restart", "instances.restart", operator),
                        reveal("/instances/{id}/credentials", "credentials.read", operator),
                        read("/operations", "operations.list", viewer),
                        read("/operations/{id}", "operations.get", viewer),
                        read("/operations/{id}/steps", "operations.steps", viewer),
                        read("/operations/{id}/events", "operations.watch", viewer),
                        change("POST", "/operations/{id}:cancel", "operations.cancel", operator),
                        change("POST", "/operations/{id}:retry", "operations.retry", operator),
                        change("POST", "/operations/{id}:decide", "operations.decide", operator),
                        read("/hosts", "hosts.list", viewer),
                        changeAndReveal("/hosts/join-tokens", "hosts.invite", admin),
                        join("/hosts:join"),
                        change("DELETE", "/hosts/{id}", "hosts.forget", admin),
                        read("/audit", "audit.list", operator),
                        changeAndReveal("/tokens", "tokens.create", admin),
                        read("/tokens", "tokens.list", admin),
                        change("DELETE", "/tokens/{id}", "tokens.delete", admin),
                        open(API + "/openapi.json"),
                        open("/openapi.json"),
                        open("/actuator/health"),
                        open("/actuator/health/{group}"),
                        openMetrics
                                ? open("/actuator/prometheus")
                                : call("GET", "/actuator/prometheus", "metrics.read", viewer)));
    }

    private static Call read(String path, String action, Role least) {
        return call("GET", API + path, action, least);
    }

    private static Call call(String method, String path, String action, Role least) {
        return new Call(method, PATHS.parse(path), action, Optional.of(least), false, false);
    }

    private static Call change(String method, String path, String action, Role least) {
        return new Call(method, PATHS.parse(API + path), action, Optional.of(least), true, false);
    }

    private static Call reveal(String path, String action, Role least) {
        return new Call("GET", PATHS.parse(API + path), action, Optional.of(least), true, true);
    }

    private static Call changeAndReveal(String path, String action, Role least) {
        return new Call("POST", PATHS.parse(API + path), action, Optional.of(least), true, true);
    }

    /** Open, because the ticket in its body is the right to call it. */
    private static Call join(String path) {
        return new Call(
                "POST", PATHS.parse(API + path), "hosts.join", Optional.empty(), true, false);
    }

    private static Call open(String path) {
        return new Call("GET", PATHS.parse(path), "open", Optional.empty(), false, false);
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
