package dev.toygres.api;

/** The host's certificate and the CA that both sides trust, PEM. */
public record JoinHostResponse(String certificate, String authority) {}
