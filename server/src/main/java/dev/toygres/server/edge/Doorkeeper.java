package dev.toygres.server.edge;

import dev.toygres.model.Secret;
import dev.toygres.server.monitor.Absence;
import dev.toygres.store.access.AccessToken;
import dev.toygres.store.access.Role;
import dev.toygres.store.access.TokenHash;
import dev.toygres.store.access.Tokens;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Lets in who shows a token whose role covers the call. */
public final class Doorkeeper {
    private static final String SCHEME = "Bearer ";
    private static final int REMEMBERED = 1_000;

    private final Tokens tokens;
    private final FailureLimit limit;
    private final FailureLimit anonymousLimit;
    private final InstantSource clock;
    private final MeterRegistry metrics;
    private final Absence absence;

    /**
     * Tokens that were good lately. Who shares an address with somebody who guesses is not locked
     * out by him: a token from here is looked up even during the pause (and refused if it has been
     * removed since).
     */
    private final Set<TokenHash> goodLately =
            Collections.synchronizedSet(
                    Collections.newSetFromMap(
                            new LinkedHashMap<>(16, 0.75f, true) {
                                @Override
                                protected boolean removeEldestEntry(
                                        Map.Entry<TokenHash, Boolean> eldest) {
                                    return size() > REMEMBERED;
                                }
                            }));

    /**
     * @param absence whether callers are sent to another server
     */
    public Doorkeeper(
            Tokens tokens,
            FailureLimit limit,
            FailureLimit anonymousLimit,
            InstantSource clock,
            MeterRegistry metrics,
            Absence absence) {
        this.tokens = tokens;
        this.limit = limit;
        this.anonymousLimit = anonymousLimit;
        this.clock = clock;
        this.metrics = metrics;
        this.absence = absence;
    }

    /** Answers who it is (nobody, where the call is open), or throws the rejection. */
    Optional<Caller> admit(Call call, Footprint footprint, @Nullable String authorization) {
        if (call.least().isEmpty()) {
            if (call.audited()) {
                refuseDuringPause(limit, footprint.source());
            }
            return Optional.empty();
        }
        Caller caller = known(call, footprint.source(), authorization);
        footprint.caller(caller);
        Role least = call.least().get();
        if (!caller.role().covers(least)) {
            throw failure(
                    "forbidden",
                    HttpStatus.FORBIDDEN,
                    "forbidden",
                    "this needs the role "
                            + least
                            + "; the token "
                            + caller.name()
                            + " is "
                            + caller.role());
        }
        refuseInAbsence(call);
        return Optional.of(caller);
    }

    /** What it would answer rests on less than another server sees. */
    private void refuseInAbsence(Call call) {
        Optional<String> reason = absence.reason();
        if (reason.isPresent() && !call.action().equals(Calls.METRICS)) {
            throw new Rejection(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "stands-back",
                    "this server stands back: " + reason.get() + "; ask another server",
                    Map.of("Retry-After", "1"));
        }
    }

    /** A ticket in a body was no good: it counts like a bad token. */
    void ticketFailed(Footprint footprint) {
        limit.failed(footprint.source());
        count("ticket");
    }

    private Caller known(Call call, String source, @Nullable String authorization) {
        if (authorization == null || authorization.isBlank()) {
            if (call.audited()) {
                refuseDuringPause(anonymousLimit, source);
                anonymousLimit.failed(source);
            }
            throw failure(
                    "missing",
                    HttpStatus.UNAUTHORIZED,
                    "not-authenticated",
                    "send an API token: Authorization: Bearer tg_...");
        }
        TokenHash hash = TokenHash.of(new Secret(value(authorization)));
        if (!goodLately.contains(hash)) {
            refuseDuringPause(limit, source);
        }
        Optional<AccessToken> token = tokens.find(hash);
        if (token.isEmpty() || token.get().expiredAt(clock.instant())) {
            goodLately.remove(hash);
            limit.failed(source);
            throw token.isEmpty()
                    ? failure(
                            "invalid",
                            HttpStatus.UNAUTHORIZED,
                            "invalid-token",
                            "this token is not known here: it is mistyped or has been removed")
                    : failure(
                            "expired",
                            HttpStatus.UNAUTHORIZED,
                            "token-expired",
                            "the token " + token.get().name() + " has expired");
        }
        goodLately.add(hash);
        tokens.used(token.get());
        return Caller.with(token.get());
    }

    private static String value(String authorization) {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? authorization.substring(SCHEME.length()).strip()
                : "";
    }

    private void refuseDuringPause(FailureLimit failures, String source) {
        Optional<Duration> pause = failures.pause(source);
        if (pause.isPresent()) {
            count("limited");
            long seconds = pause.get().toSeconds() + 1;
            throw new Rejection(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "too-many-failures",
                    "too many failed attempts from " + source + ": try again in " + seconds + " s",
                    Map.of("Retry-After", Long.toString(seconds)));
        }
    }

    private Rejection failure(String reason, HttpStatus status, String code, String message) {
        count(reason);
        return status == HttpStatus.UNAUTHORIZED
                ? new Rejection(
                        status,
                        code,
                        message,
                        Map.of("WWW-Authenticate", "Bearer realm=\"toygres\""))
                : new Rejection(status, code, message);
    }

    private void count(String reason) {
        metrics.counter("toygres.auth.failures", "reason", reason).increment();
    }
}
