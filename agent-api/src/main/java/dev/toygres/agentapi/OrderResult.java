package dev.toygres.agentapi;

/** What orders answer when they succeed. */
public sealed interface OrderResult {

    /** CreateMember, StartMember, RestartMember: where Postgres listens; its identity. */
    record MemberUp(Address address, String systemIdentifier, long interruptionMs)
            implements OrderResult {}

    /** OpenEndpoint. */
    record EndpointUp(EndpointPorts ports) implements OrderResult {}

    /** ClaimLane, StopMember, DestroyMember, CloseEndpoint. */
    record Done() implements OrderResult {}
}
