package dev.toygres.store.access;

import java.util.List;
import java.util.Optional;

/** The API tokens. */
public interface Tokens {

    /** Also an expired one: the caller says why it refuses. */
    Optional<AccessToken> find(TokenHash hash);

    void add(AccessToken token, TokenHash hash);

    /** Adds it when there is no token at all, and answers whether it did. */
    boolean addFirst(AccessToken token, TokenHash hash);

    /** Writes down that it was used now; costs nothing when that was written in the last minute. */
    void used(AccessToken token);

    /** In the order of their ids. */
    List<AccessToken> list(int limit, Optional<String> after);

    Removal remove(String id);

    /** How the removal of a token ended. */
    enum Removal {
        Removed,
        NotThere,
        /** It is the last unexpired admin token: without it nobody could make another. */
        LastAdmin
    }
}
