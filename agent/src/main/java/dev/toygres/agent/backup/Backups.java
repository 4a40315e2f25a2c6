package dev.toygres.agent.backup;

import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agent.member.Progress;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.OrderResult;

/** Who carries out which order of backup and restore. */
public final class Backups {

    public OrderResult carryOut(BackupOrder order, Progress progress) {
        progress.report(0, "asked");
        if (order instanceof BackupOrder.AbortBackup) {
            return new OrderResult.Done();
        }
        throw new OrderFailed(
                "this agent does not know "
                        + order.getClass().getSimpleName()
                        + " yet: it takes no backups");
    }
}
