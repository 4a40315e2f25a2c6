package dev.toygres.model;

/** What a primary does that neither a server nor its electors answer (S4). */
public enum IsolationPolicy {
    /** It stops once its lease has run out: so that host can be failed over when it is lost. */
    Fence,
    /** It goes on. A lost host is then never failed over without somebody's word. */
    Serve
}
