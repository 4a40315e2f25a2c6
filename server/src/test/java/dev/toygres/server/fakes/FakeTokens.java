package dev.toygres.server.fakes;

import dev.toygres.store.access.AccessToken;
import dev.toygres.store.access.Role;
import dev.toygres.store.access.TokenHash;
import dev.toygres.store.access.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tokens in memory. */
public final class FakeTokens implements Tokens {
    private final Map<TokenHash, AccessToken> tokens = new ConcurrentHashMap<>();
    private final Outage outage;
    public final List<String> used = new ArrayList<>();

    public FakeTokens(Outage outage) {
        this.outage = outage;
    }

    @Override
    public Optional<AccessToken> find(TokenHash hash) {
        outage.check();
        return Optional.ofNullable(tokens.get(hash));
    }

    @Override
    public void add(AccessToken token, TokenHash hash) {
        outage.check();
        tokens.put(hash, token);
    }

    @Override
    public boolean addFirst(AccessToken token, TokenHash hash) {
        if (!tokens.isEmpty()) {
            return false;
        }
        tokens.put(hash, token);
        return true;
    }

    @Override
    public void used(AccessToken token) {
        used.add(token.id());
    }

    @Override
    public List<AccessToken> list(int limit, Optional<String> after) {
        return tokens.values().stream()
                .filter(token -> token.id().compareTo(after.orElse("")) > 0)
                .sorted(Comparator.comparing(AccessToken::id))
                .limit(limit)
                .toList();
    }

    @Override
    public Removal remove(String id) {
        if (tokens.values().stream().noneMatch(token -> token.id().equals(id))) {
            return Removal.NotThere;
        }
        boolean another =
                tokens.values().stream()
                        .anyMatch(token -> token.role() == Role.admin && !token.id().equals(id));
        if (!another) {
            return Removal.LastAdmin;
        }
        tokens.values().removeIf(token -> token.id().equals(id));
        return Removal.Removed;
    }
}
