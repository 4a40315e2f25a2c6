package dev.toygres.agent.job;

import dev.toygres.agent.member.Members;
import dev.toygres.agent.routing.Endpoints;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult;

/** Who carries out which order. */
public record Orders(Members members, Endpoints endpoints) {
    OrderResult carryOut(Order order) {
        return switch (order) {
            case Order.ClaimLane _ -> new OrderResult.Done();
            case Order.CreateMember it -> members.create(it);
            case Order.StartMember it -> members.start(it);
            case Order.StopMember it -> members.stop(it);
            case Order.RestartMember it -> members.restart(it);
            case Order.DestroyMember it -> members.destroy(it);
            case Order.OpenEndpoint it -> endpoints.open(it);
            case Order.CloseEndpoint it -> endpoints.close(it);
        };
    }
}
