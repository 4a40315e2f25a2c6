package dev.toygres.agent.job;

import dev.toygres.agent.member.Backups;
import dev.toygres.agent.member.Members;
import dev.toygres.agent.member.Progress;
import dev.toygres.agent.routing.Endpoints;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult;

/** Who carries out which order. */
public record Orders(Members members, Endpoints endpoints, Backups backups) {
    OrderResult carryOut(Order order, Progress progress) {
        return switch (order) {
            case Order.ClaimLane _ -> new OrderResult.Done();
            case Order.CreateMember it -> members.create(it);
            case Order.StartMember it -> members.start(it);
            case Order.StopMember it -> members.stop(it);
            case Order.RestartMember it -> members.restart(it);
            case Order.DestroyMember it -> members.destroy(it);
            case Order.OpenEndpoint it -> endpoints.open(it);
            case Order.CloseEndpoint it -> endpoints.close(it);
            case Order.KeepSlot it -> members.keepSlot(it);
            case Order.DropSlot it -> members.dropSlot(it);
            case Order.CreateReplica it -> members.createReplica(it, progress);
            case Order.FollowMember it -> members.follow(it);
            case Order.SyncStandbys it -> members.syncStandbys(it);
            case Order.Checkpoint it -> members.checkpoint(it);
            case Order.DrainMember it -> members.drain(it);
            case Order.FenceMember it -> members.fence(it);
            case Order.UnfenceMember it -> members.unfence(it);
            case Order.AwaitPosition it -> members.await(it);
            case Order.PromoteMember it -> members.promote(it);
            case Order.RejoinMember it -> members.rejoin(it, progress);
            case Order.HoldEndpoint it -> endpoints.hold(it);
            case BackupOrder it -> backups.carryOut(it, progress);
            case Order.ConfigureMember it -> members.configure(it);
            case Order.TrySettings it -> members.trySettings(it);
            case Order.TryMember it -> members.tryMember(it);
            case Order.WatchMember it -> members.watch(it);
            case Order.KillMember it -> members.kill(it);
            case Order.PartStandby it -> members.part(it);
            case Order.AppendWal it -> members.append(it);
            case Order.KeepElectorate it -> members.keepElectorate(it);
            case Order.VouchFor it -> members.vouchFor(it);
            case Order.Prepare it -> members.prepare(it);
        };
    }

    /**
     * Before its turn comes: whoever is to go need not wait for a copy to become complete, and an
     * endpoint not for the clients of an earlier hold; and work that waits for a Postgres that
     * hangs ends when that is killed.
     */
    void overtake(Order order) {
        switch (order) {
            case Order.DestroyMember it -> members.abortClone(it.memberId());
            case Order.OpenEndpoint it -> endpoints.overtake(it.instanceId());
            case Order.CloseEndpoint it -> endpoints.overtake(it.instanceId());
            case Order.HoldEndpoint it -> endpoints.overtake(it.instanceId());
            case Order.KillMember it -> members.killAtOnce(it.memberId());
            case BackupOrder.AbortBackup it -> backups.abort(it);
            default -> {}
        }
    }
}
