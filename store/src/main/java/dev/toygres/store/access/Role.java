package dev.toygres.store.access;

/** What a token may do; each role may do all that the ones before it may. Names are contract. */
public enum Role {
    viewer,
    operator,
    admin;

    /** Whether whoever has this role may do what needs at least {@code least}. */
    public boolean covers(Role least) {
        return compareTo(least) >= 0;
    }
}
