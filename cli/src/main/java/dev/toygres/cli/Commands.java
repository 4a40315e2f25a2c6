package dev.toygres.cli;

import picocli.CommandLine;

/** All commands, in the order in which help names them. */
final class Commands {
    private Commands() {}

    static void addTo(CommandLine toygres, Session session) {
        toygres.addSubcommand(new UpCommand(session))
                .addSubcommand(new DownCommand(session))
                .addSubcommand(new StatusCommand(session))
                .addSubcommand(new DemoCommand(session))
                .addSubcommand(new CreateCommand(session))
                .addSubcommand(new ListCommand(session))
                .addSubcommand(new GetCommand(session))
                .addSubcommand(new UpdateCommand(session))
                .addSubcommand(new StopCommand(session))
                .addSubcommand(new StartCommand(session))
                .addSubcommand(new RestartCommand(session))
                .addSubcommand(new FenceCommand(session))
                .addSubcommand(new UnfenceCommand(session))
                .addSubcommand(new DeleteCommand(session))
                .addSubcommand(
                        new CommandLine(new PsqlCommand(session))
                                .setUnmatchedOptionsArePositionalParams(true))
                .addSubcommand(new ConnectCommand(session))
                .addSubcommand(
                        new CommandLine(new Group.Replicas())
                                .addSubcommand(new ReplicaAddCommand(session))
                                .addSubcommand(new ReplicaListCommand(session))
                                .addSubcommand(new ReplicaGetCommand(session))
                                .addSubcommand(new ReplicaUpdateCommand(session))
                                .addSubcommand(new ReplicaRemoveCommand(session))
                                .addSubcommand(new ReplicaRebuildCommand(session)))
                .addSubcommand(new FailoverCommand(session))
                .addSubcommand(new FailoversCommand(session))
                .addSubcommand(new HealthCommand(session))
                .addSubcommand(new HealthConfigCommand(session))
                .addSubcommand(
                        new CommandLine(new Group.AutoFailovers())
                                .addSubcommand(new AutoFailoverStatusCommand(session))
                                .addSubcommand(new AutoFailoverPauseCommand(session))
                                .addSubcommand(new AutoFailoverResumeCommand(session)))
                .addSubcommand(
                        new CommandLine(new Group.Params())
                                .addSubcommand(new ParamsListCommand(session))
                                .addSubcommand(new ParamsGetCommand(session))
                                .addSubcommand(new ParamsSetCommand(session))
                                .addSubcommand(new ParamsDescribeCommand(session))
                                .addSubcommand(new ParamsProfileCommand(session))
                                .addSubcommand(new ParamsChangesCommand(session))
                                .addSubcommand(new ParamsCancelCommand(session))
                                .addSubcommand(new ParamsRevertCommand(session)))
                .addSubcommand(
                        new CommandLine(new Group.Backups())
                                .addSubcommand(new BackupScheduleCommand(session))
                                .addSubcommand(new BackupPauseCommand(session))
                                .addSubcommand(new BackupResumeCommand(session))
                                .addSubcommand(new BackupCreateCommand(session))
                                .addSubcommand(new BackupListCommand(session))
                                .addSubcommand(new BackupGetCommand(session))
                                .addSubcommand(new BackupVerifyCommand(session))
                                .addSubcommand(new BackupPinCommand(session))
                                .addSubcommand(new BackupUnpinCommand(session))
                                .addSubcommand(new BackupDeleteCommand(session))
                                .addSubcommand(new BackupRetentionCommand(session))
                                .addSubcommand(new BackupWindowCommand(session))
                                .addSubcommand(new BackupPointCommand(session))
                                .addSubcommand(new BackupPointsCommand(session))
                                .addSubcommand(new BackupImportCommand(session)))
                .addSubcommand(new RestoreCommand(session))
                .addSubcommand(new UndoRestoreCommand(session))
                .addSubcommand(
                        new CommandLine(new Group.Drills())
                                .addSubcommand(new DrillRunCommand(session))
                                .addSubcommand(new DrillListCommand(session))
                                .addSubcommand(new DrillScheduleCommand(session)))
                .addSubcommand(
                        new CommandLine(new Group.Secrets())
                                .addSubcommand(new SecretSetCommand(session))
                                .addSubcommand(new SecretGetCommand(session)))
                .addSubcommand(
                        new CommandLine(new Group.Operations())
                                .addSubcommand(new OperationListCommand(session))
                                .addSubcommand(new OperationShowCommand(session))
                                .addSubcommand(new OperationStepsCommand(session))
                                .addSubcommand(new OperationWatchCommand(session))
                                .addSubcommand(new OperationCancelCommand(session))
                                .addSubcommand(new OperationRetryCommand(session))
                                .addSubcommand(new OperationDecideCommand(session)))
                .addSubcommand(new HostsCommand(session))
                .addSubcommand(
                        new CommandLine(new Group.Hosts())
                                .addSubcommand(new HostJoinCommand(session))
                                .addSubcommand(new HostTokenCommand(session))
                                .addSubcommand(new HostForgetCommand(session)))
                .addSubcommand(
                        new CommandLine(new AlertsCommand(session))
                                .addSubcommand(new AlertsAcknowledgeCommand(session)))
                .addSubcommand(
                        new CommandLine(new Group.Notifications())
                                .addSubcommand(new NotificationListCommand(session))
                                .addSubcommand(new NotificationSetCommand(session))
                                .addSubcommand(new NotificationRemoveCommand(session))
                                .addSubcommand(new NotificationRepeatCommand(session))
                                .addSubcommand(new NotificationTestCommand(session))
                                .addSubcommand(new NotificationDeliveriesCommand(session)))
                .addSubcommand(new AuditCommand(session))
                .addSubcommand(
                        new CommandLine(new Group.Tokens())
                                .addSubcommand(new TokenCreateCommand(session))
                                .addSubcommand(new TokenListCommand(session))
                                .addSubcommand(new TokenDeleteCommand(session)))
                .addSubcommand(new CompletionCommand(session));
    }
}
