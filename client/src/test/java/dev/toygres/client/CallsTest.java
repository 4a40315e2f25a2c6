package dev.toygres.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.Address;
import dev.toygres.api.ApplyProfileRequest;
import dev.toygres.api.BackupConfig;
import dev.toygres.api.BackupScheduleConfig;
import dev.toygres.api.BackupStorage;
import dev.toygres.api.BackupType;
import dev.toygres.api.CreateBackupRequest;
import dev.toygres.api.CreateInstanceRequest;
import dev.toygres.api.CreateRestorePointRequest;
import dev.toygres.api.CreateTokenRequest;
import dev.toygres.api.Decision;
import dev.toygres.api.FailoverOptions;
import dev.toygres.api.FailoverRequest;
import dev.toygres.api.HealthConfigRequest;
import dev.toygres.api.ImportBackupsRequest;
import dev.toygres.api.JoinHostRequest;
import dev.toygres.api.NotificationTargets;
import dev.toygres.api.ParameterProfile;
import dev.toygres.api.PauseRequest;
import dev.toygres.api.PutSecretRequest;
import dev.toygres.api.RestoreDrillRequest;
import dev.toygres.api.RestoreDrillScheduleConfig;
import dev.toygres.api.RestoreRequest;
import dev.toygres.api.RestoreTarget;
import dev.toygres.api.RevertParametersRequest;
import dev.toygres.api.SetParametersRequest;
import dev.toygres.api.UpdateInstanceRequest;
import dev.toygres.api.UpdateReplicaRequest;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each method is one call of the contract. */
class CallsTest {
    private static final String OPERATION =
            """
            {"id": "o1", "type": "CreateInstance", "state": "Pending", "progress": 0,
             "createdAt": "2026-01-01T00:00:00Z", "result": {}, "question": {},
             "cancellable": true}
            """;
    private static final String PAGE = "{\"items\": []}";

    /** Methods that are no calls of their own. */
    private static final Set<String> OTHERS =
            Set.of("builder", "withIdempotencyKey", "all", "close", "getInstanceVersion");

    record Expected(
            String operationId, String call, String answer, Consumer<ToygresClient> method) {
        @Override
        public String toString() {
            return operationId;
        }
    }

    private static BackupStorage storage() {
        Optional<String> none = Optional.empty();
        return new BackupStorage(
                "Local", Optional.of("/b"), none, none, none, none, none, none, none, none);
    }

    private static BackupScheduleConfig schedule() {
        return new BackupScheduleConfig(
                "0 2 * * 0",
                Optional.empty(),
                Optional.empty(),
                new BackupConfig(storage(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private static RestoreRequest restore() {
        return new RestoreRequest(
                Optional.of("b1"),
                Optional.empty(),
                new RestoreTarget("NewInstance", "db2", Optional.empty(), Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(true),
                Optional.empty());
    }

    static Expected[] calls() {
        return new Expected[] {
            new Expected(
                    "listAlerts",
                    "GET /api/v1/alerts",
                    PAGE,
                    client -> client.listAlerts(ListQuery.first())),
            new Expected(
                    "acknowledgeAlert",
                    "POST /api/v1/alerts/alert-1:acknowledge",
                    "{}",
                    client -> client.acknowledgeAlert("alert-1")),
            new Expected(
                    "getNotificationTargets",
                    "GET /api/v1/notification-targets",
                    "{}",
                    ToygresClient::getNotificationTargets),
            new Expected(
                    "replaceNotificationTargets",
                    "PUT /api/v1/notification-targets",
                    "{}",
                    client ->
                            client.replaceNotificationTargets(
                                    "\"1\"", new NotificationTargets(List.of(), Optional.empty()))),
            new Expected(
                    "testNotificationTarget",
                    "POST /api/v1/notification-targets/target-1:test",
                    "{}",
                    client -> client.testNotificationTarget("target-1")),
            new Expected(
                    "listNotificationDeliveries",
                    "GET /api/v1/notification-targets/target-1/deliveries",
                    PAGE,
                    client -> client.listNotificationDeliveries("target-1", ListQuery.first())),
            new Expected(
                    "putBackupSchedule",
                    "PUT /api/v1/instances/db1/backup-schedule",
                    OPERATION,
                    client -> client.putBackupSchedule("db1", schedule())),
            new Expected(
                    "getBackupSchedule",
                    "GET /api/v1/instances/db1/backup-schedule",
                    "{}",
                    client -> client.getBackupSchedule("db1")),
            new Expected(
                    "pauseBackupSchedule",
                    "POST /api/v1/instances/db1/backup-schedule:pause",
                    "{}",
                    client -> client.pauseBackupSchedule("db1")),
            new Expected(
                    "resumeBackupSchedule",
                    "POST /api/v1/instances/db1/backup-schedule:resume",
                    "{}",
                    client -> client.resumeBackupSchedule("db1")),
            new Expected(
                    "createBackup",
                    "POST /api/v1/instances/db1/backups",
                    OPERATION,
                    client ->
                            client.createBackup(
                                    "db1",
                                    new CreateBackupRequest(
                                            new BackupType(
                                                    "Full", Optional.empty(), Optional.empty()),
                                            Optional.empty()))),
            new Expected(
                    "listBackups",
                    "GET /api/v1/instances/db1/backups",
                    PAGE,
                    client -> client.listBackups("db1", ListQuery.first())),
            new Expected(
                    "getBackup", "GET /api/v1/backups/b1", "{}", client -> client.getBackup("b1")),
            new Expected(
                    "deleteBackup",
                    "DELETE /api/v1/backups/b1",
                    OPERATION,
                    client -> client.deleteBackup("b1")),
            new Expected(
                    "pinBackup",
                    "POST /api/v1/backups/b1:pin",
                    "{}",
                    client -> client.pinBackup("b1")),
            new Expected(
                    "unpinBackup",
                    "POST /api/v1/backups/b1:unpin",
                    "{}",
                    client -> client.unpinBackup("b1")),
            new Expected(
                    "verifyBackup",
                    "POST /api/v1/backups/b1:verify",
                    OPERATION,
                    client -> client.verifyBackup("b1")),
            new Expected(
                    "importBackups",
                    "POST /api/v1/backups:import",
                    OPERATION,
                    client ->
                            client.importBackups(
                                    new ImportBackupsRequest("db1", storage(), Optional.empty()))),
            new Expected(
                    "getRetentionPlan",
                    "GET /api/v1/instances/db1/retention-plan",
                    "{}",
                    client -> client.getRetentionPlan("db1")),
            new Expected(
                    "getRestoreWindow",
                    "GET /api/v1/instances/db1/restore-window",
                    "{}",
                    client -> client.getRestoreWindow("db1")),
            new Expected(
                    "listRestorePoints",
                    "GET /api/v1/instances/db1/restore-points",
                    "[]",
                    client -> client.listRestorePoints("db1")),
            new Expected(
                    "createRestorePoint",
                    "POST /api/v1/instances/db1/restore-points",
                    OPERATION,
                    client ->
                            client.createRestorePoint("db1", new CreateRestorePointRequest("p1"))),
            new Expected(
                    "startRestore",
                    "POST /api/v1/restores",
                    OPERATION,
                    client -> client.startRestore(restore())),
            new Expected(
                    "undoRestore",
                    "POST /api/v1/instances/db1:undo-restore",
                    OPERATION,
                    client -> client.undoRestore("db1")),
            new Expected(
                    "startRestoreDrill",
                    "POST /api/v1/instances/db1/restore-drills",
                    OPERATION,
                    client ->
                            client.startRestoreDrill(
                                    "db1",
                                    new RestoreDrillRequest(
                                            Optional.empty(), Optional.empty(), Optional.empty()))),
            new Expected(
                    "listRestoreDrills",
                    "GET /api/v1/instances/db1/restore-drills",
                    PAGE,
                    client -> client.listRestoreDrills("db1", ListQuery.first())),
            new Expected(
                    "getRestoreDrillSchedule",
                    "GET /api/v1/instances/db1/restore-drill-schedule",
                    "{}",
                    client -> client.getRestoreDrillSchedule("db1")),
            new Expected(
                    "putRestoreDrillSchedule",
                    "PUT /api/v1/instances/db1/restore-drill-schedule",
                    "{}",
                    client ->
                            client.putRestoreDrillSchedule(
                                    "db1",
                                    new RestoreDrillScheduleConfig(
                                            "0 4 * * 6",
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty()))),
            new Expected(
                    "deleteRestoreDrillSchedule",
                    "DELETE /api/v1/instances/db1/restore-drill-schedule",
                    "",
                    client -> client.deleteRestoreDrillSchedule("db1")),
            new Expected(
                    "putSecret",
                    "PUT /api/v1/secrets/s1",
                    "{}",
                    client -> client.putSecret("s1", new PutSecretRequest("x"))),
            new Expected(
                    "getSecret", "GET /api/v1/secrets/s1", "{}", client -> client.getSecret("s1")),
            new Expected(
                    "createInstance",
                    "POST /api/v1/instances",
                    OPERATION,
                    client -> client.createInstance(request())),
            new Expected(
                    "listInstances",
                    "GET /api/v1/instances",
                    PAGE,
                    client -> client.listInstances(ListQuery.first())),
            new Expected(
                    "getInstance",
                    "GET /api/v1/instances/db1",
                    "{}",
                    client -> client.getInstance("db1")),
            new Expected(
                    "updateInstance",
                    "PATCH /api/v1/instances/db1",
                    "{}",
                    client ->
                            client.updateInstance(
                                    "db1", "\"1\"", UpdateInstanceRequest.ofSize("medium"))),
            new Expected(
                    "planResize",
                    "PATCH /api/v1/instances/db1?dryRun=true",
                    "{}",
                    client -> client.planResize("db1", "medium")),
            new Expected(
                    "deleteInstance",
                    "DELETE /api/v1/instances/db1",
                    OPERATION,
                    client -> client.deleteInstance("db1")),
            new Expected(
                    "stopInstance",
                    "POST /api/v1/instances/db1:stop",
                    OPERATION,
                    client -> client.stopInstance("db1")),
            new Expected(
                    "fenceInstance",
                    "POST /api/v1/instances/db1:fence",
                    OPERATION,
                    client -> client.fenceInstance("db1")),
            new Expected(
                    "unfenceInstance",
                    "POST /api/v1/instances/db1:unfence",
                    OPERATION,
                    client -> client.unfenceInstance("db1")),
            new Expected(
                    "startInstance",
                    "POST /api/v1/instances/db1:start",
                    OPERATION,
                    client -> client.startInstance("db1")),
            new Expected(
                    "restartInstance",
                    "POST /api/v1/instances/db1:restart",
                    OPERATION,
                    client -> client.restartInstance("db1")),
            new Expected(
                    "getCredentials",
                    "GET /api/v1/instances/db1/credentials",
                    "{}",
                    client -> client.getCredentials("db1")),
            new Expected(
                    "addReplica",
                    "POST /api/v1/instances/db1/replicas",
                    OPERATION,
                    client ->
                            client.addReplica(
                                    "db1", new AddReplicaRequest("r1", Optional.empty()))),
            new Expected(
                    "listReplicas",
                    "GET /api/v1/instances/db1/replicas",
                    PAGE,
                    client -> client.listReplicas("db1", ListQuery.first())),
            new Expected(
                    "getReplica",
                    "GET /api/v1/instances/db1/replicas/r1",
                    "{}",
                    client -> client.getReplica("db1", "r1")),
            new Expected(
                    "updateReplica",
                    "PATCH /api/v1/instances/db1/replicas/r1",
                    "{}",
                    client ->
                            client.updateReplica(
                                    "db1",
                                    "r1",
                                    new UpdateReplicaRequest(
                                            Optional.of(false),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty()))),
            new Expected(
                    "removeReplica",
                    "DELETE /api/v1/instances/db1/replicas/r1",
                    OPERATION,
                    client -> client.removeReplica("db1", "r1")),
            new Expected(
                    "rebuildReplica",
                    "POST /api/v1/instances/db1/replicas/r1:rebuild",
                    OPERATION,
                    client -> client.rebuildReplica("db1", "r1")),
            new Expected(
                    "startFailover",
                    "POST /api/v1/instances/db1/failovers",
                    OPERATION,
                    client -> client.startFailover("db1", FailoverRequest.usual())),
            new Expected(
                    "planFailover",
                    "POST /api/v1/instances/db1/failovers?dryRun=true",
                    "{}",
                    client -> client.planFailover("db1", FailoverRequest.to("r1"))),
            new Expected(
                    "getHealth",
                    "GET /api/v1/instances/db1/health",
                    "{\"instanceId\": \"db1\", \"members\": []}",
                    client -> client.getHealth("db1")),
            new Expected(
                    "getHealthConfig",
                    "GET /api/v1/instances/db1/health-config",
                    "{}",
                    client -> client.getHealthConfig("db1")),
            new Expected(
                    "putHealthConfig",
                    "PUT /api/v1/instances/db1/health-config",
                    "{}",
                    client ->
                            client.putHealthConfig(
                                    "db1",
                                    new HealthConfigRequest(
                                            Optional.of(Duration.ofSeconds(1)),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty()))),
            new Expected(
                    "getAutoFailover",
                    "GET /api/v1/instances/db1/auto-failover",
                    "{}",
                    client -> client.getAutoFailover("db1")),
            new Expected(
                    "pauseAutoFailover",
                    "POST /api/v1/instances/db1/auto-failover:pause",
                    "{}",
                    client ->
                            client.pauseAutoFailover(
                                    "db1",
                                    new PauseRequest(
                                            java.time.Instant.parse("2026-01-01T00:00:00Z"),
                                            "maintenance"))),
            new Expected(
                    "resumeAutoFailover",
                    "POST /api/v1/instances/db1/auto-failover:resume",
                    "{}",
                    client -> client.resumeAutoFailover("db1")),
            new Expected(
                    "listFailovers",
                    "GET /api/v1/instances/db1/failovers",
                    PAGE,
                    client -> client.listFailovers("db1", ListQuery.first())),
            new Expected(
                    "getFailover",
                    "GET /api/v1/instances/db1/failovers/o1",
                    "{}",
                    client -> client.getFailover("db1", "o1")),
            new Expected(
                    "describeParameter",
                    "GET /api/v1/parameters/work_mem?version=15",
                    "{}",
                    client -> client.describeParameter("work_mem", Optional.of("15"))),
            new Expected(
                    "getParameters",
                    "GET /api/v1/instances/db1/parameters",
                    "{}",
                    client -> client.getParameters("db1")),
            new Expected(
                    "setParameters",
                    "PATCH /api/v1/instances/db1/parameters",
                    OPERATION,
                    client ->
                            client.setParameters(
                                    "db1", SetParametersRequest.of(Map.of("work_mem", "8MB")))),
            new Expected(
                    "planParameters",
                    "PATCH /api/v1/instances/db1/parameters?dryRun=true",
                    "{}",
                    client ->
                            client.planParameters(
                                    "db1", SetParametersRequest.of(Map.of("work_mem", "8MB")))),
            new Expected(
                    "applyParameterProfile",
                    "POST /api/v1/instances/db1/parameter-profile",
                    OPERATION,
                    client -> client.applyParameterProfile("db1", profile())),
            new Expected(
                    "planParameterProfile",
                    "POST /api/v1/instances/db1/parameter-profile?dryRun=true",
                    "{}",
                    client -> client.planParameterProfile("db1", profile())),
            new Expected(
                    "listParameterChanges",
                    "GET /api/v1/instances/db1/parameter-changes",
                    PAGE,
                    client -> client.listParameterChanges("db1", ListQuery.first())),
            new Expected(
                    "getParameterChange",
                    "GET /api/v1/instances/db1/parameter-changes/op-1",
                    "{}",
                    client -> client.getParameterChange("db1", "op-1")),
            new Expected(
                    "cancelParameterChange",
                    "DELETE /api/v1/instances/db1/parameter-changes/op-1",
                    "",
                    client -> client.cancelParameterChange("db1", "op-1")),
            new Expected(
                    "revertParameterChange",
                    "POST /api/v1/instances/db1/parameter-changes/op-1:revert",
                    OPERATION,
                    client -> client.revertParameterChange("db1", "op-1")),
            new Expected(
                    "planRevertParameterChange",
                    "POST /api/v1/instances/db1/parameter-changes/op-1:revert?dryRun=true",
                    "{}",
                    client ->
                            client.planRevertParameterChange(
                                    "db1",
                                    "op-1",
                                    new RevertParametersRequest(
                                            Optional.empty(), Optional.empty()))),
            new Expected(
                    "listOperations",
                    "GET /api/v1/operations",
                    PAGE,
                    client -> client.listOperations(ListQuery.first())),
            new Expected(
                    "getOperation",
                    "GET /api/v1/operations/o1",
                    OPERATION,
                    client -> client.getOperation("o1")),
            new Expected(
                    "listOperationSteps",
                    "GET /api/v1/operations/o1/steps",
                    "[]",
                    client -> client.listOperationSteps("o1")),
            new Expected(
                    "watchOperation",
                    "GET /api/v1/operations/o1",
                    OPERATION,
                    client -> client.watchOperation("o1")),
            new Expected(
                    "cancelOperation",
                    "POST /api/v1/operations/o1:cancel",
                    OPERATION,
                    client -> client.cancelOperation("o1")),
            new Expected(
                    "retryOperation",
                    "POST /api/v1/operations/o1:retry",
                    OPERATION,
                    client -> client.retryOperation("o1")),
            new Expected(
                    "decideOperation",
                    "POST /api/v1/operations/o1:decide",
                    OPERATION,
                    client ->
                            client.decideOperation(
                                    "o1",
                                    new Decision(
                                            "wait",
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty()))),
            new Expected(
                    "listHosts",
                    "GET /api/v1/hosts",
                    PAGE,
                    client -> client.listHosts(ListQuery.first())),
            new Expected(
                    "createJoinToken",
                    "POST /api/v1/hosts/join-tokens",
                    "{}",
                    ToygresClient::createJoinToken),
            new Expected(
                    "joinHost",
                    "POST /api/v1/hosts:join",
                    "{}",
                    client ->
                            client.joinHost(
                                    new JoinHostRequest(
                                            "t", "h", "r", "z", new Address("a", 1), "c"))),
            new Expected(
                    "forgetHost",
                    "DELETE /api/v1/hosts/host-1",
                    "",
                    client -> client.forgetHost("host-1")),
            new Expected(
                    "forgetLostHost",
                    "DELETE /api/v1/hosts/host-1?force=true",
                    "",
                    client -> client.forgetLostHost("host-1")),
            new Expected(
                    "createToken",
                    "POST /api/v1/tokens",
                    "{}",
                    client ->
                            client.createToken(
                                    new CreateTokenRequest("ci", "viewer", Optional.empty()))),
            new Expected(
                    "listTokens",
                    "GET /api/v1/tokens",
                    PAGE,
                    client -> client.listTokens(ListQuery.first())),
            new Expected(
                    "deleteToken",
                    "DELETE /api/v1/tokens/tok-1",
                    "",
                    client -> client.deleteToken("tok-1")),
            new Expected(
                    "listAudit",
                    "GET /api/v1/audit",
                    PAGE,
                    client -> client.listAudit(ListQuery.first())),
        };
    }

    @ParameterizedTest
    @MethodSource("calls")
    void eachMethodIsOneCall(Expected expected) {
        try (var server = new FakeServer().always(FakeServer.json(200, expected.answer()));
                var client = server.client()) {
            expected.method().accept(client);

            assertThat(server.calls()).containsExactly(expected.call());
            var seen = server.seen().getFirst();
            assertThat(seen.header("Authorization")).isEqualTo("Bearer tg_test");
            assertThat(seen.header("Idempotency-key").isEmpty())
                    .isEqualTo(
                            expected.call().startsWith("GET")
                                    || expected.call().endsWith("dryRun=true"));
        }
    }

    @Test
    void noMethodIsLeftOutHere() {
        var tested = Arrays.stream(calls()).map(Expected::operationId).collect(Collectors.toSet());

        var methods =
                Arrays.stream(ToygresClient.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(Method::getName)
                        .filter(name -> !OTHERS.contains(name))
                        .collect(Collectors.toSet());

        assertThat(methods).isEqualTo(tested);
    }

    @Test
    void sendsOnlyWhatIsGiven() {
        try (var server = new FakeServer().always(FakeServer.json(202, OPERATION));
                var client = server.client()) {
            client.createInstance(request());

            assertThat(Json.mapper().readTree(server.seen().getFirst().body()))
                    .isEqualTo(Json.mapper().valueToTree(Map.of("id", "db1", "size", "nano")));
        }
    }

    @Test
    void durationsTravelAsIso8601() {
        var options =
                new FailoverOptions(
                        Optional.empty(),
                        Optional.of(Duration.ofSeconds(90)),
                        Optional.of("Terminate"),
                        Optional.empty());
        try (var server = new FakeServer().always(FakeServer.json(202, OPERATION));
                var client = server.client()) {
            client.startFailover(
                    "db1", new FailoverRequest(Optional.empty(), Optional.of(options)));

            assertThat(Json.mapper().readTree(server.seen().getFirst().body()))
                    .isEqualTo(
                            Json.mapper()
                                    .readTree(
                                            "{\"options\": {\"syncTimeout\": \"PT1M30S\","
                                                    + " \"oldPrimaryAction\": \"Terminate\"}}"));
        }
    }

    @Test
    void anUpdateShowsWhatItWasBasedOn() {
        try (var server = new FakeServer();
                var client = server.client()) {
            var known = client.getInstanceVersion("db1");
            client.updateInstance("db1", known.etag(), UpdateInstanceRequest.ofSize("medium"));

            assertThat(server.seen().getLast().header("If-match")).isEqualTo("\"7\"");
        }
    }

    @Test
    void aKeyOfTheCallersIsSentAsItIs() {
        try (var server = new FakeServer().always(FakeServer.json(202, OPERATION));
                var client = server.client()) {
            client.withIdempotencyKey("mine").createInstance(request());

            assertThat(server.seen().getFirst().header("Idempotency-key")).isEqualTo("mine");
        }
    }

    @Test
    void idsFromOutsideStayOneSegment() {
        try (var server = new FakeServer();
                var client = server.client()) {
            client.getInstance("a/b?c d");

            assertThat(server.calls()).containsExactly("GET /api/v1/instances/a%2Fb%3Fc%20d");
        }
    }

    @Test
    void listsGoOnToTheLastPage() {
        try (var server =
                        new FakeServer()
                                .then(
                                        FakeServer.json(
                                                200,
                                                "{\"items\": [{\"id\": \"a\"}],"
                                                        + " \"nextCursor\": \"n\"}"),
                                        FakeServer.json(200, "{\"items\": [{\"id\": \"b\"}]}"));
                var client = server.client()) {
            var ids =
                    ToygresClient.all(client::listTokens, ListQuery.first().limit(1))
                            .map(dev.toygres.api.Token::id)
                            .toList();

            assertThat(ids).containsExactly("a", "b");
            assertThat(server.calls())
                    .containsExactly(
                            "GET /api/v1/tokens?limit=1", "GET /api/v1/tokens?limit=1&cursor=n");
        }
    }

    private static ApplyProfileRequest profile() {
        return new ApplyProfileRequest(
                new ParameterProfile("Oltp", Optional.empty(), Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static CreateInstanceRequest request() {
        return new CreateInstanceRequest(
                "db1",
                Optional.empty(),
                Optional.of("nano"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
