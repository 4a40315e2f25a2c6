package dev.toygres.api;

/** The stable addresses of an instance. */
public record Endpoints(Address readWrite, Address readOnly, Address pooled) {}
