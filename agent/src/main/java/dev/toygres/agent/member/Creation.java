package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Memory.Stage;
import dev.toygres.agentapi.Order.CreateMember;
import dev.toygres.agentapi.OrderResult.MemberUp;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;

/** Makes a member, from wherever an earlier attempt left off. */
final class Creation {
    private final Ground ground;
    private final Templates templates;
    private final Ports ports;
    private final InstantSource clock;

    Creation(Ground ground, Templates templates, Ports ports, InstantSource clock) {
        this.ground = ground;
        this.templates = templates;
        this.ports = ports;
        this.clock = clock;
    }

    MemberUp create(Member member, CreateMember order) {
        ground.installations().bin(order.postgresMajor());
        member.requireIsOf(order.instanceId());
        if (member.memory().filter(known -> known.stage() == Stage.Ready).isEmpty()) {
            make(member, order);
        }
        return member.start(order.term(), Optional.empty());
    }

    private void make(Member member, CreateMember order) {
        remember(member, order);
        crash("create: remembered");
        member.writeCertificate(order.certificate());
        makeData(member);
        crash("create: data complete");
        member.up();
        crash("create: started");
        makeRoles(member, order);
        crash("create: roles complete");
        member.remember(member.known().ready());
    }

    /** Before there is data there is memory of what the data will be. */
    private void remember(Member member, CreateMember order) {
        member.home.make(ground.user());
        if (member.memory().isEmpty()) {
            var identifier = ControlFile.newSystemIdentifier(clock.instant());
            member.remember(Memory.of(order, identifier, ports.free()));
        } else {
            member.remember(member.known().with(order.settings()));
        }
    }

    /** The final name is given to complete data only. */
    private void makeData(Member member) {
        var home = member.home;
        if (home.hasData()) {
            return;
        }
        var known = member.known();
        templates.copy(known.postgresMajor(), home.making(), known.systemIdentifier());
        crash("create: data copied");
        Durable.move(home.making(), home.data());
    }

    private void makeRoles(Member member, CreateMember order) {
        try {
            new Roles(member.sql(), order).make();
        } catch (SQLException cause) {
            throw new OrderFailed("roles or database not made: " + cause.getMessage(), cause);
        }
    }

    private void crash(String name) {
        ground.crash().reached(name);
    }
}
