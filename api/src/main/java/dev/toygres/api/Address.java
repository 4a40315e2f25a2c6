package dev.toygres.api;

/** Where something listens. */
public record Address(String host, int port) {}
