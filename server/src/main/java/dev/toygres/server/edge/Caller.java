package dev.toygres.server.edge;

import dev.toygres.store.access.AccessToken;
import dev.toygres.store.access.Role;

/** Who asks: the token that was shown. */
record Caller(String tokenId, String name, Role role) {

    static Caller with(AccessToken token) {
        return new Caller(token.id(), token.name(), token.role());
    }

    /** How the logs name it. */
    String words() {
        return name + " (" + tokenId + ")";
    }
}
