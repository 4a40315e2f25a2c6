package dev.toygres.agentapi;

/** The stable ports of an instance on its endpoint's host. */
public record EndpointPorts(String host, int readWrite, int readOnly, int pooled) {}
