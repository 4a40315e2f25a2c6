package dev.toygres.server.edge;

import dev.toygres.orchestrations.Once;
import dev.toygres.store.access.IdempotencyKeys;
import dev.toygres.store.access.IdempotencyKeys.Answer;
import dev.toygres.store.access.IdempotencyKeys.Answered;
import dev.toygres.store.access.IdempotencyKeys.Claim;
import dev.toygres.store.access.IdempotencyKeys.Made;
import dev.toygres.store.access.IdempotencyKeys.Mine;
import dev.toygres.store.access.IdempotencyKeys.Reused;
import dev.toygres.store.access.IdempotencyKeys.Taken;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * A request that is repeated with its {@code Idempotency-Key} gets its first answer again. Answers
 * that blame the server (5xx) are not kept: a repeat tries again.
 */
public final class Idempotency {
    static final String HEADER = "Idempotency-Key";
    private static final String OPERATIONS = "/api/v1/operations/";
    private static final String REPLAYED = "Idempotency-Replayed";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final Duration GLANCE = Duration.ofMillis(50);

    private final IdempotencyKeys keys;
    private final Duration patience;
    private final UnaryOperator<String> operationJson;

    /**
     * @param patience how long a request waits for its twin
     * @param operationJson an operation by its id, as the API shows it
     */
    public Idempotency(
            IdempotencyKeys keys, Duration patience, UnaryOperator<String> operationJson) {
        this.keys = keys;
        this.patience = patience;
        this.operationJson = operationJson;
    }

    void answer(
            Call call,
            Footprint footprint,
            BodiedRequest request,
            ContentCachingResponseWrapper response,
            FilterChain chain)
            throws IOException, ServletException {
        String key = request.getHeader(HEADER);
        Optional<Caller> caller = footprint.caller();
        if (key == null || caller.isEmpty() || !call.mutates()) {
            chain.doFilter(request, response);
            return;
        }
        if (!KEY.matcher(key).matches()) {
            throw new Rejection(
                    HttpStatus.BAD_REQUEST,
                    "invalid-idempotency-key",
                    HEADER + " must be 1 to 255 printable ASCII characters without spaces");
        }
        switch (claim(caller.get().tokenId(), key, fingerprint(request))) {
            case Mine mine -> first(mine, call, request, response, chain);
            case Answered(Answer answer) -> again(call, answer, footprint, response);
            case Made(String operationId) ->
                    again(call, accepted(operationId), footprint, response);
            case Taken() ->
                    throw new Rejection(
                            HttpStatus.CONFLICT,
                            "request-in-progress",
                            "the first request with this " + HEADER + " is still being answered",
                            Map.of(HttpHeaders.RETRY_AFTER, "1"));
            case Reused() ->
                    throw new Rejection(
                            HttpStatus.UNPROCESSABLE_CONTENT,
                            "idempotency-key-reused",
                            "this " + HEADER + " was used for a different request: take a new one");
        }
    }

    private Claim claim(String tokenId, String key, String fingerprint) {
        long end = System.nanoTime() + patience.toNanos();
        Claim claim = keys.claim(tokenId, key, fingerprint);
        while (claim instanceof Taken && System.nanoTime() < end) {
            try {
                Thread.sleep(GLANCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return claim;
            }
            claim = keys.claim(tokenId, key, fingerprint);
        }
        return claim;
    }

    private void first(
            Mine mine,
            Call call,
            BodiedRequest request,
            ContentCachingResponseWrapper response,
            FilterChain chain)
            throws IOException, ServletException {
        boolean answered = false;
        try {
            underItsKey(mine, request, response, chain);
            answered = response.getStatus() < 500;
        } finally {
            if (!answered) {
                keys.release(mine);
            }
        }
        if (answered) {
            keys.finish(mine, kept(call, response));
        }
    }

    /** What it starts is written down with the key. */
    private void underItsKey(
            Mine mine,
            BodiedRequest request,
            ContentCachingResponseWrapper response,
            FilterChain chain)
            throws IOException, ServletException {
        try {
            Once.under(
                    (handle, operationId) -> keys.made(handle, mine, operationId),
                    () -> {
                        chain.doFilter(request, response);
                        return null;
                    });
        } catch (IOException | ServletException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }

    /** The first answer was lost with its server: what it would have said. */
    private Answer accepted(String operationId) {
        return new Answer(
                HttpStatus.ACCEPTED.value(),
                Optional.of("application/json"),
                Optional.of(OPERATIONS + operationId),
                Optional.empty(),
                Optional.of(operationJson.apply(operationId)));
    }

    private static Answer kept(Call call, ContentCachingResponseWrapper response) {
        boolean secret = call.secretAnswer() && response.getStatus() < 300;
        return new Answer(
                response.getStatus(),
                Optional.ofNullable(response.getContentType()),
                Optional.ofNullable(response.getHeader(HttpHeaders.LOCATION)),
                Optional.ofNullable(response.getHeader(HttpHeaders.ETAG)),
                secret
                        ? Optional.empty()
                        : Optional.of(
                                new String(
                                        response.getContentAsByteArray(), StandardCharsets.UTF_8)));
    }

    private static void again(
            Call call, Answer answer, Footprint footprint, ContentCachingResponseWrapper response)
            throws IOException {
        footprint.detail("a repeat: answered like the first request with this " + HEADER);
        if (call.secretAnswer() && answer.body().isEmpty()) {
            throw new Rejection(
                    HttpStatus.CONFLICT,
                    "answer-not-kept",
                    "the first request with this "
                            + HEADER
                            + " succeeded; its answer held a secret, which is shown once and kept"
                            + " nowhere. If it was lost, remove what was made and ask for another"
                            + " with a new key");
        }
        answer.location()
                .filter(location -> location.startsWith(OPERATIONS))
                .ifPresent(
                        location -> footprint.operation(location.substring(OPERATIONS.length())));
        response.setStatus(answer.status());
        response.setHeader(REPLAYED, "true");
        answer.contentType().ifPresent(response::setContentType);
        answer.location().ifPresent(value -> response.setHeader(HttpHeaders.LOCATION, value));
        answer.etag().ifPresent(value -> response.setHeader(HttpHeaders.ETAG, value));
        response.getOutputStream().write(answer.body().orElse("").getBytes(StandardCharsets.UTF_8));
    }

    private static String fingerprint(BodiedRequest request) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            part(digest, request.getMethod());
            part(digest, request.getRequestURI());
            part(digest, request.getQueryString());
            part(digest, request.getHeader(HttpHeaders.IF_MATCH));
            return HexFormat.of().formatHex(digest.digest(request.body()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void part(MessageDigest digest, @Nullable String text) {
        digest.update((text == null ? "" : text).getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
