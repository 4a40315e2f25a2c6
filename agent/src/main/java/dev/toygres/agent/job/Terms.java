package dev.toygres.agent.job;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.Order;
import java.util.Optional;

/** What an order says of its term and its subject. */
final class Terms {
    private Terms() {}

    static Optional<Long> of(Order order) {
        return switch (order) {
            case Order.ClaimLane _ -> Optional.empty();
            case Order.CreateMember it -> Optional.of(it.term());
            case Order.StartMember it -> Optional.of(it.term());
            case Order.StopMember it -> Optional.of(it.term());
            case Order.RestartMember it -> Optional.of(it.term());
            case Order.DestroyMember it -> Optional.of(it.term());
            case Order.KeepSlot it -> Optional.of(it.term());
            case Order.DropSlot it -> Optional.of(it.term());
            case Order.CreateReplica it -> Optional.of(it.term());
            case Order.FollowMember it -> Optional.of(it.term());
            case Order.SyncStandbys it -> Optional.of(it.term());
            case Order.Checkpoint it -> Optional.of(it.term());
            case Order.DrainMember it -> Optional.of(it.term());
            case Order.FenceMember it -> Optional.of(it.term());
            case Order.UnfenceMember it -> Optional.of(it.term());
            case Order.AwaitPosition it -> Optional.of(it.term());
            case Order.PromoteMember it -> Optional.of(it.term());
            case Order.RejoinMember it -> Optional.of(it.term());
            case Order.OpenEndpoint it -> Optional.of(it.term());
            case Order.CloseEndpoint it -> Optional.of(it.term());
            case Order.HoldEndpoint it -> Optional.of(it.term());
            case BackupOrder it -> it.forTerm();
            case Order.ConfigureMember it -> Optional.of(it.term());
            case Order.TrySettings it -> Optional.of(it.term());
            case Order.TryMember it -> Optional.of(it.creation().term());
            case Order.WatchMember _ -> Optional.empty();
            case Order.KillMember it -> Optional.of(it.term());
            case Order.PartStandby it -> Optional.of(it.term());
            case Order.AppendWal it -> Optional.of(it.term());
            case Order.KeepElectorate it -> Optional.of(it.term());
            case Order.VouchFor it -> Optional.of(it.term());
            case Order.Prepare it -> Optional.of(it.term());
        };
    }

    /** Whom the order is about; a lane may be claimed for anything. */
    static Optional<String> subject(Order order) {
        return switch (order) {
            case Order.ClaimLane _ -> Optional.empty();
            case Order.CreateMember it -> Optional.of(it.memberId().value());
            case Order.StartMember it -> Optional.of(it.memberId().value());
            case Order.StopMember it -> Optional.of(it.memberId().value());
            case Order.RestartMember it -> Optional.of(it.memberId().value());
            case Order.DestroyMember it -> Optional.of(it.memberId().value());
            case Order.KeepSlot it -> Optional.of(it.memberId().value());
            case Order.DropSlot it -> Optional.of(it.memberId().value());
            case Order.CreateReplica it -> Optional.of(it.memberId().value());
            case Order.FollowMember it -> Optional.of(it.memberId().value());
            case Order.SyncStandbys it -> Optional.of(it.memberId().value());
            case Order.Checkpoint it -> Optional.of(it.memberId().value());
            case Order.DrainMember it -> Optional.of(it.memberId().value());
            case Order.FenceMember it -> Optional.of(it.memberId().value());
            case Order.UnfenceMember it -> Optional.of(it.memberId().value());
            case Order.AwaitPosition it -> Optional.of(it.memberId().value());
            case Order.PromoteMember it -> Optional.of(it.memberId().value());
            case Order.RejoinMember it -> Optional.of(it.memberId().value());
            case Order.OpenEndpoint it -> Optional.of(it.instanceId().value());
            case Order.CloseEndpoint it -> Optional.of(it.instanceId().value());
            case Order.HoldEndpoint it -> Optional.of(it.instanceId().value());
            case BackupOrder it -> Optional.of(it.subject());
            case Order.ConfigureMember it -> Optional.of(it.memberId().value());
            case Order.TrySettings it -> Optional.of(it.memberId().value());
            case Order.TryMember it -> Optional.of(it.creation().memberId().value());
            case Order.WatchMember it -> Optional.of(it.memberId().value());
            case Order.KillMember it -> Optional.of(it.memberId().value());
            case Order.PartStandby it -> Optional.of(it.memberId().value());
            case Order.AppendWal it -> Optional.of(it.memberId().value());
            case Order.KeepElectorate it -> Optional.of(it.memberId().value());
            case Order.VouchFor it -> Optional.of(it.memberId().value());
            case Order.Prepare it -> Optional.of(it.memberId().value());
        };
    }

    /** Whether it makes something of nothing: not after it was destroyed. */
    static boolean creates(Order order) {
        return order instanceof Order.CreateMember
                || order instanceof Order.CreateReplica
                || (order instanceof BackupOrder.RestoreMember restore && !restore.over());
    }

    /**
     * Whether it only reads, or does no harm whoever asks: then no token is older than another. A
     * look into a store must not have the backup refused that is being taken meanwhile.
     */
    static boolean isHarmless(Order order) {
        return order instanceof BackupOrder.ListRepository
                || order instanceof BackupOrder.VerifyRepository
                || order instanceof BackupOrder.VerifyDump
                || order instanceof BackupOrder.KeepPoint
                || order instanceof BackupOrder.CreateRestorePoint;
    }

    /** Whether nothing of the subject is left after it. */
    static boolean destroys(Order order) {
        return order instanceof Order.DestroyMember || order instanceof Order.CloseEndpoint;
    }

    /** Whether it may follow a destruction by its own run. */
    static boolean rebuilds(Order order) {
        return order instanceof Order.CreateReplica create && create.afterDestroy();
    }
}
