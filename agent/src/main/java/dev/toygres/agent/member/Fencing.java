package dev.toygres.agent.member;

import dev.toygres.agent.member.Memory.Role;
import dev.toygres.agentapi.OrderResult.Fenced;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.model.StopMode;
import java.nio.file.Files;

/** Takes a member out of service for good, until it is told otherwise (S5). */
final class Fencing {
    private final Ground ground;

    Fencing(Ground ground) {
        this.ground = ground;
    }

    /** The mark first: whatever happens then, it does not come up writable. */
    Fenced fence(Member member, long term) {
        member.remember(member.known().fenced(term));
        ground.crash().reached("fence: marked");
        member.down(StopMode.Fast);
        ground.crash().reached("fence: stopped");
        if (!member.home.hasData()) {
            return new Fenced("0/0", false);
        }
        var end = WalEnd.of(member, ground);
        return new Fenced(end.position().toString(), end.clean());
    }

    MemberUp unfence(Member member, long term) {
        member.requireReady();
        var known = member.known();
        if (known.is(Role.Standby)) {
            throw new OrderFailed("member " + member.id + " is a standby, not a fenced primary");
        }
        if (known.is(Role.Fenced) && Files.exists(member.home.standbySignal())) {
            throw new OrderFailed("member " + member.id + " was no primary when it was fenced");
        }
        member.lease().await(known.unfenced(term));
        member.remember(known.unfenced(term));
        ground.crash().reached("unfence: unmarked");
        return member.up();
    }
}
