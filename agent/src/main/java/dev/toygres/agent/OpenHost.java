package dev.toygres.agent;

import dev.toygres.agentapi.Agent.MemberHealth;
import dev.toygres.agentapi.Agent.WalPiece;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.MemberParameters;
import dev.toygres.agentapi.MemberSessions;
import dev.toygres.model.Lsn;
import dev.toygres.model.MemberId;
import dev.toygres.model.parameter.ParameterDefinition;
import java.time.Duration;
import java.util.List;

/** What may be read of a host. */
public interface OpenHost {
    HostStatus status();

    /** As soon as the pulse is another one, at the latest after {@code wait}. */
    HostStatus statusAfter(long pulse, Duration wait) throws InterruptedException;

    WalPiece wal(MemberId member, int timeline, Lsn from, int most);

    List<String> log(MemberId member, int lines);

    MemberHealth health(MemberId member, Duration timeout);

    MemberSessions sessions(MemberId member);

    MemberParameters parameters(MemberId member);

    List<ParameterDefinition> definitions(int postgresMajor, String libraries);
}
