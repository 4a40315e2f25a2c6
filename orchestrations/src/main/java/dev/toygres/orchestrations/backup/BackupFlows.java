package dev.toygres.orchestrations.backup;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;

/** The durable names of the flows of backups. */
public final class BackupFlows {
    public static final FlowType<Wanted, BackupOutcome> CONFIGURE =
            new FlowType<>("ConfigureBackups", Wanted.class, BackupOutcome.class);
    public static final FlowType<BackupInput, BackupOutcome> CREATE = type("CreateBackup");
    public static final FlowType<BackupInput, BackupOutcome> VERIFY = type("VerifyBackup");
    public static final FlowType<BackupInput, BackupOutcome> DELETE = type("DeleteBackup");
    public static final FlowType<PointInput, BackupOutcome> POINT =
            new FlowType<>("CreateRestorePoint", PointInput.class, BackupOutcome.class);

    public static final FlowType<Wanted, BackupOutcome> IMPORT =
            new FlowType<>("ImportBackups", Wanted.class, BackupOutcome.class);
    public static final FlowType<LookInput, BackupOutcome> LOOK =
            new FlowType<>("LookIntoStore", LookInput.class, BackupOutcome.class);

    public static final FlowType<LookInput, BackupOutcome> RETAIN =
            new FlowType<>("ApplyRetention", LookInput.class, BackupOutcome.class);

    private BackupFlows() {}

    /** Each with what runs it. */
    public static Flows with(
            Flows flows,
            ConfigureSteps configure,
            BackupSteps backups,
            Expiry expiry,
            PointSteps points,
            ImportBackups imports,
            LookIntoStore look) {
        return flows.with(CONFIGURE, new ConfigureBackups(configure))
                .with(CREATE, new CreateBackup(backups, expiry))
                .with(VERIFY, new VerifyBackup(backups))
                .with(DELETE, new DeleteBackup(expiry))
                .with(POINT, new CreateRestorePoint(points))
                .with(IMPORT, imports)
                .with(RETAIN, new ApplyRetention(expiry))
                .with(LOOK, look);
    }

    private static FlowType<BackupInput, BackupOutcome> type(String name) {
        return new FlowType<>(name, BackupInput.class, BackupOutcome.class);
    }
}
