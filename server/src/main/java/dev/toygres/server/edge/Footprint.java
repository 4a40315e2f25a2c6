package dev.toygres.server.edge;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What becomes known about a request while it is served: for the audit log, the access log and
 * every log line in between. Lives as long as the request, on its thread.
 */
public final class Footprint {
    private static final String ATTRIBUTE = Footprint.class.getName();

    private final String source;
    private @Nullable Call call;
    private @Nullable Caller caller;
    private @Nullable String instanceId;
    private @Nullable String operationId;
    private @Nullable String code;
    private String detail = "";

    private Footprint(String source) {
        this.source = source;
    }

    static Footprint begin(HttpServletRequest request) {
        var footprint = new Footprint(request.getRemoteAddr());
        request.setAttribute(ATTRIBUTE, footprint);
        return footprint;
    }

    /** Of a request that has passed the edge. */
    public static Footprint of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Footprint footprint) {
            return footprint;
        }
        throw new IllegalStateException("this request has not passed the edge");
    }

    void called(Call found, Optional<String> subject) {
        call = found;
        String path = found.path().getPatternString();
        if (path.startsWith("/api/v1/instances/")) {
            subject.ifPresent(this::instance);
        } else if (path.startsWith("/api/v1/operations/")) {
            subject.ifPresent(this::operation);
        }
    }

    void caller(Caller known) {
        caller = known;
        MDC.put("actor", known.words());
    }

    /** Who asks, as the logs name him. */
    public String actor() {
        return caller().map(Caller::words).orElse("nobody");
    }

    public void instance(String id) {
        instanceId = shortened(id);
        MDC.put("instance.id", instanceId);
    }

    public void operation(String id) {
        operationId = shortened(id);
        MDC.put("operation.id", operationId);
    }

    /** Who asks, in words. */
    public String who() {
        return caller().map(Caller::words).orElse("nobody");
    }

    /** Says more about the outcome in the audit log. Never a secret. */
    public void detail(String words) {
        detail = shortened(words);
    }

    void refused(String problemCode) {
        code = problemCode;
    }

    static void end() {
        MDC.clear();
    }

    String source() {
        return source;
    }

    Optional<Call> call() {
        return Optional.ofNullable(call);
    }

    Optional<Caller> caller() {
        return Optional.ofNullable(caller);
    }

    Optional<String> instanceId() {
        return Optional.ofNullable(instanceId);
    }

    Optional<String> operationId() {
        return Optional.ofNullable(operationId);
    }

    Optional<String> code() {
        return Optional.ofNullable(code);
    }

    String detail() {
        return detail;
    }

    /** What somebody put into a path may be long; the logs need no more than this. */
    private static String shortened(String id) {
        return id.length() <= 100 ? id : id.substring(0, 100);
    }
}
