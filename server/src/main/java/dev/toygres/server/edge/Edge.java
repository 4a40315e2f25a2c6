package dev.toygres.server.edge;

import dev.toygres.store.access.AuditLog;
import dev.toygres.store.access.AuditLog.Deed;
import dev.toygres.store.access.AuditLog.Outcome;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * What every request passes, from the outside in: is there such a call, who asks, may he, is it
 * written down, was it answered before.
 *
 * <p>The audit rule: nothing is changed and no secret is shown without a line in the log. The line
 * is opened first; if that fails, the call is not made.
 */
public final class Edge extends OncePerRequestFilter {
    private static final Logger ACCESS = LoggerFactory.getLogger("dev.toygres.access");

    private final Calls calls;
    private final Doorkeeper doorkeeper;
    private final AuditLog audit;
    private final Idempotency idempotency;
    private final Problems problems;

    public Edge(
            Calls calls,
            Doorkeeper doorkeeper,
            AuditLog audit,
            Idempotency idempotency,
            Problems problems) {
        this.calls = calls;
        this.doorkeeper = doorkeeper;
        this.audit = audit;
        this.idempotency = idempotency;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException {
        long began = System.nanoTime();
        Footprint footprint = Footprint.begin(request);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            pass(footprint, request, response, chain);
        } catch (Exception e) {
            problems.write(footprint, response, e);
        } finally {
            accessLine(footprint, request, response, Duration.ofNanos(System.nanoTime() - began));
            Footprint.end();
        }
    }

    private void pass(
            Footprint footprint,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        switch (calls.find(request.getMethod(), request.getRequestURI())) {
            case Calls.Nothing() ->
                    throw new Rejection(
                            HttpStatus.NOT_FOUND,
                            "path-not-found",
                            "there is no such path; GET /api/v1/openapi.json lists all");
            case Calls.OtherMethods(String allowed) ->
                    throw new Rejection(
                            HttpStatus.METHOD_NOT_ALLOWED,
                            "method-not-allowed",
                            "this path understands " + allowed,
                            Map.of("Allow", allowed));
            case Calls.Found(Call call, Optional<String> subject) -> {
                footprint.called(call, subject);
                if (call.audited()) {
                    audited(call, footprint, request, response, chain);
                } else {
                    admit(call, footprint, request);
                    chain.doFilter(request, response);
                }
            }
        }
    }

    private void admit(Call call, Footprint footprint, HttpServletRequest request) {
        doorkeeper.admit(call, footprint, request.getHeader("Authorization"));
    }

    private void audited(
            Call call,
            Footprint footprint,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        try {
            admit(call, footprint, request);
        } catch (Rejection denied) {
            // a flood of attempts must not become a flood of lines
            if (denied.status() != HttpStatus.TOO_MANY_REQUESTS) {
                audit.close(
                        audit.open(deed(call, footprint)),
                        new Outcome(
                                "denied",
                                footprint.instanceId(),
                                footprint.operationId(),
                                denied.code()));
            }
            throw denied;
        }
        String line = audit.open(deed(call, footprint));
        var buffered = new ContentCachingResponseWrapper(response);
        try {
            idempotency.answer(call, footprint, BodiedRequest.read(request), buffered, chain);
        } catch (Exception e) {
            problems.write(footprint, buffered, e);
        }
        if (call.action().equals("hosts.join") && buffered.getStatus() / 100 == 4) {
            doorkeeper.ticketFailed(footprint);
        }
        audit.close(line, outcome(footprint, buffered.getStatus()));
        buffered.copyBodyToResponse();
    }

    private static Deed deed(Call call, Footprint footprint) {
        return new Deed(
                footprint.caller().map(Caller::words).orElse("nobody"),
                footprint.caller().map(caller -> caller.role().name()).orElse("none"),
                call.action(),
                footprint.instanceId(),
                footprint.source());
    }

    private static Outcome outcome(Footprint footprint, int status) {
        String code = footprint.code().orElse(Integer.toString(status));
        String words =
                status < 400 ? "accepted" : status < 500 ? "refused:" + code : "failed:" + code;
        return new Outcome(
                words, footprint.instanceId(), footprint.operationId(), footprint.detail());
    }

    /** Path without query, and no header: neither may hold a token in our log. */
    private static void accessLine(
            Footprint footprint,
            HttpServletRequest request,
            HttpServletResponse response,
            Duration took) {
        if (footprint.call().filter(call -> call.action().equals("open")).isPresent()
                && response.getStatus() < 400) {
            return;
        }
        ACCESS.atInfo()
                .addKeyValue("http.method", request.getMethod())
                .addKeyValue("http.path", request.getRequestURI())
                .addKeyValue("http.status", response.getStatus())
                .addKeyValue("http.ms", took.toMillis())
                .addKeyValue("source", footprint.source())
                .addKeyValue("action", footprint.call().map(Call::action).orElse("none"))
                .addKeyValue("code", footprint.code().orElse(""))
                .log(
                        "{} {} {}",
                        request.getMethod(),
                        request.getRequestURI(),
                        response.getStatus());
    }
}
