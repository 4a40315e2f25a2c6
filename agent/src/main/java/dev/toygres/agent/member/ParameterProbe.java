package dev.toygres.agent.member;

import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.MemberParameters;
import java.time.Duration;

/** Asks a running member for its parameters, in a session of its own. */
final class ParameterProbe {
    private static final Duration LIMIT = Duration.ofSeconds(8);

    private ParameterProbe() {}

    static MemberParameters of(Member member) {
        if (!member.postgres().isReady()) {
            throw new AgentRefusal(member.id + " does not run");
        }
        return member.sql()
                .asSuperuser(
                        LIMIT,
                        "the parameters of " + member.id + " are not to be had",
                        one ->
                                new MemberParameters(
                                        Catalog.running(one),
                                        member.known().settings(),
                                        Catalog.drift(one),
                                        member.lastGood().returned()));
    }
}
