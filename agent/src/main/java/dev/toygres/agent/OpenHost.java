package dev.toygres.agent;

import dev.toygres.agentapi.Agent.MemberHealth;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.MemberParameters;
import dev.toygres.model.MemberId;
import dev.toygres.model.parameter.ParameterDefinition;
import java.time.Duration;
import java.util.List;

/** What may be read of a host. */
public interface OpenHost {
    HostStatus status();

    List<String> log(MemberId member, int lines);

    MemberHealth health(MemberId member, Duration timeout);

    MemberParameters parameters(MemberId member);

    List<ParameterDefinition> definitions(int postgresMajor, String libraries);
}
