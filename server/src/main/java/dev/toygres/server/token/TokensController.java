package dev.toygres.server.token;

import dev.toygres.api.CreateTokenRequest;
import dev.toygres.api.Page;
import dev.toygres.api.Token;
import dev.toygres.model.Refused;
import dev.toygres.model.Secret;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Footprint;
import dev.toygres.server.edge.Paging;
import dev.toygres.store.access.AccessToken;
import dev.toygres.store.access.Role;
import dev.toygres.store.access.TokenHash;
import dev.toygres.store.access.Tokens;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** API tokens: made, listed, removed; their values are shown once. */
@RestController
@RequestMapping(path = "/api/v1/tokens", produces = "application/json")
public final class TokensController {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@ -]{0,63}");

    private final Tokens tokens;
    private final InstantSource clock;

    public TokensController(Tokens tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    @PostMapping(consumes = "application/json")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Token> create(@RequestBody CreateTokenRequest body, HttpServletRequest request) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        check(body, now);
        Secret value = TokenValue.fresh();
        var token =
                new AccessToken(
                        TokenValue.freshId(),
                        body.name(),
                        Role.valueOf(body.role()),
                        now,
                        body.expiresAt().map(time -> time.truncatedTo(ChronoUnit.MICROS)),
                        Optional.empty());
        tokens.add(token, TokenHash.of(value));
        Footprint.of(request).detail("token " + token.id() + " " + token.role());
        return ResponseEntity.created(URI.create("/api/v1/tokens/" + token.id()))
                .body(shown(token, Optional.of(value.reveal())));
    }

    @GetMapping
    Page<Token> list(
            @RequestParam(name = "limit") Optional<Integer> limit,
            @RequestParam(name = "cursor") Optional<String> cursor) {
        Paging paging = Paging.of(limit, cursor);
        return paging.page(
                tokens.list(paging.fetch(), paging.after()),
                AccessToken::id,
                token -> shown(token, Optional.empty()));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@PathVariable("id") String id, HttpServletRequest request) {
        Footprint.of(request).detail("token " + id);
        switch (tokens.remove(id)) {
            case Removed -> {}
            case NotThere -> throw Refused.notFound("token", id);
            case LastAdmin ->
                    throw Refused.conflict(
                            "last-admin-token",
                            "without another admin token nobody could make a new one: make it"
                                    + " first");
        }
    }

    private static void check(CreateTokenRequest body, Instant now) {
        @Nullable String name = body.name();
        @Nullable String role = body.role();
        new Fields()
                .needed("name", name)
                .check(
                        "name",
                        name == null || NAME.matcher(name).matches(),
                        "must be 1 to 64 letters, digits, spaces and . _ @ -")
                .needed("role", role)
                .check(
                        "role",
                        role == null
                                || Arrays.stream(Role.values())
                                        .anyMatch(known -> known.name().equals(role)),
                        "must be one of viewer, operator, admin")
                .check(
                        "expiresAt",
                        body.expiresAt().isEmpty() || body.expiresAt().get().isAfter(now),
                        "must be in the future")
                .done();
    }

    private static Token shown(AccessToken token, Optional<String> value) {
        return new Token(
                token.id(),
                token.name(),
                token.role().name(),
                token.createdAt(),
                token.expiresAt(),
                token.lastUsedAt(),
                value);
    }
}
