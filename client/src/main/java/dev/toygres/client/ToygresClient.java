package dev.toygres.client;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.AuditEntry;
import dev.toygres.api.Backup;
import dev.toygres.api.BackupSchedule;
import dev.toygres.api.BackupScheduleConfig;
import dev.toygres.api.CreateBackupRequest;
import dev.toygres.api.CreateInstanceRequest;
import dev.toygres.api.CreateRestorePointRequest;
import dev.toygres.api.CreateTokenRequest;
import dev.toygres.api.Credentials;
import dev.toygres.api.Decision;
import dev.toygres.api.FailoverPlan;
import dev.toygres.api.FailoverRequest;
import dev.toygres.api.FailoverStatus;
import dev.toygres.api.Host;
import dev.toygres.api.ImportBackupsRequest;
import dev.toygres.api.Instance;
import dev.toygres.api.JoinHostRequest;
import dev.toygres.api.JoinHostResponse;
import dev.toygres.api.JoinToken;
import dev.toygres.api.Operation;
import dev.toygres.api.OperationStep;
import dev.toygres.api.Page;
import dev.toygres.api.PutSecretRequest;
import dev.toygres.api.Replica;
import dev.toygres.api.RestorePoint;
import dev.toygres.api.RestoreRequest;
import dev.toygres.api.RestoreWindow;
import dev.toygres.api.RetentionPlan;
import dev.toygres.api.SecretInfo;
import dev.toygres.api.Token;
import dev.toygres.api.UpdateInstanceRequest;
import dev.toygres.api.UpdateReplicaRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;

/**
 * The toygres API: one method for each call of the OpenAPI, which a test holds it to.
 *
 * <p>Thread-safe; one for a program is enough. Calls that change something carry an idempotency
 * key, so they are safe to send again, which this client does by itself when a connection breaks.
 */
public final class ToygresClient implements AutoCloseable {
    private static final String INSTANCES = "/api/v1/instances";
    private static final String OPERATIONS = "/api/v1/operations";
    private static final String HOSTS = "/api/v1/hosts";
    private static final String TOKENS = "/api/v1/tokens";

    private final Transport transport;
    private final Optional<String> idempotencyKey;

    ToygresClient(Transport transport, Optional<String> idempotencyKey) {
        this.transport = transport;
        this.idempotencyKey = idempotencyKey;
    }

    public static ToygresClientBuilder builder() {
        return new ToygresClientBuilder();
    }

    /**
     * A view of this client for one change, made under a key of the caller's: the same call under
     * the same key is done once, however often, and by whichever process, it is sent.
     */
    public ToygresClient withIdempotencyKey(String key) {
        return new ToygresClient(transport, Optional.of(key));
    }

    // ---- instances

    public PendingOperation createInstance(CreateInstanceRequest request) {
        return start(Call.post(INSTANCES).body(request));
    }

    public Page<Instance> listInstances(ListQuery query) {
        return transport.send(
                Call.get(INSTANCES).query(query.parameters()), new TypeReference<>() {});
    }

    public Instance getInstance(String id) {
        return transport.send(Call.get(instance(id)), new TypeReference<>() {});
    }

    /** Like {@link #getInstance(String)}, with the ETag that an update must present. */
    public Versioned<Instance> getInstanceVersion(String id) {
        var call = Call.get(instance(id));
        var answer = transport.send(call);
        Instance instance = transport.read(call, answer, new TypeReference<>() {});
        return new Versioned<>(instance, answer.header("ETag"));
    }

    /**
     * @param etag of the instance as it was read
     * @throws ToygresException.Conflict when somebody else has changed it since
     */
    public Instance updateInstance(String id, String etag, UpdateInstanceRequest request) {
        return change(
                Call.patch(instance(id), request).header("If-Match", etag),
                new TypeReference<>() {});
    }

    /** Its backups are kept until their retention ends. */
    public PendingOperation deleteInstance(String id) {
        return start(Call.delete(instance(id)));
    }

    public PendingOperation deleteInstance(String id, boolean keepBackups) {
        return start(
                Call.delete(instance(id))
                        .query(Map.of("keepBackups", String.valueOf(keepBackups))));
    }

    public PendingOperation stopInstance(String id) {
        return start(Call.post(instance(id) + ":stop"));
    }

    public PendingOperation startInstance(String id) {
        return start(Call.post(instance(id) + ":start"));
    }

    public PendingOperation restartInstance(String id) {
        return start(Call.post(instance(id) + ":restart"));
    }

    /** The owner's login; needs a right of its own and is audited. */
    public Credentials getCredentials(String id) {
        return transport.send(Call.get(instance(id) + "/credentials"), new TypeReference<>() {});
    }

    // ---- replicas

    /** A new replica, copied from the running instance. */
    public PendingOperation addReplica(String id, AddReplicaRequest request) {
        return start(Call.post(instance(id) + "/replicas").body(request));
    }

    /** With their states and lags as last seen, in the order of their ids. */
    public Page<Replica> listReplicas(String id, ListQuery query) {
        return transport.send(
                Call.get(instance(id) + "/replicas").query(query.parameters()),
                new TypeReference<>() {});
    }

    public Replica getReplica(String id, String replicaId) {
        return transport.send(Call.get(replica(id, replicaId)), new TypeReference<>() {});
    }

    /** Changes what may be changed while it runs; what the request leaves out stays. */
    public Replica updateReplica(String id, String replicaId, UpdateReplicaRequest request) {
        return change(Call.patch(replica(id, replicaId), request), new TypeReference<>() {});
    }

    /** Its data too; in any state, and with its host away. */
    public PendingOperation removeReplica(String id, String replicaId) {
        return start(Call.delete(replica(id, replicaId)));
    }

    /** Makes one anew that cannot follow any more; the primary is left alone. */
    public PendingOperation rebuildReplica(String id, String replicaId) {
        return start(Call.post(replica(id, replicaId) + ":rebuild"));
    }

    // ---- failovers

    /**
     * Makes a replica primary. The operation's id is also the failover's, see {@link
     * #getFailover(String, String)}.
     *
     * @throws ToygresException.Conflict when it cannot be done now; nothing has been touched
     */
    public PendingOperation startFailover(String id, FailoverRequest request) {
        return start(Call.post(instance(id) + "/failovers").body(request));
    }

    /** What {@link #startFailover(String, FailoverRequest)} would do; nothing is changed. */
    public FailoverPlan planFailover(String id, FailoverRequest request) {
        return transport.send(
                Call.post(instance(id) + "/failovers")
                        .query(Map.of("dryRun", "true"))
                        .body(request),
                new TypeReference<>() {});
    }

    /** Newest first. */
    public Page<FailoverStatus> listFailovers(String id, ListQuery query) {
        return transport.send(
                Call.get(instance(id) + "/failovers").query(query.parameters()),
                new TypeReference<>() {});
    }

    /** While it runs, and afterwards: what it cost, and how the old primary was fenced. */
    public FailoverStatus getFailover(String id, String operationId) {
        return transport.send(
                Call.get(instance(id) + "/failovers/" + Call.segment(operationId)),
                new TypeReference<>() {});
    }

    // ---- backups

    /** Sets the backups of an instance up; the store is written to, read from and deleted from. */
    public PendingOperation putBackupSchedule(String id, BackupScheduleConfig config) {
        return start(Call.put(instance(id) + "/backup-schedule", config));
    }

    public BackupSchedule getBackupSchedule(String id) {
        return transport.send(
                Call.get(instance(id) + "/backup-schedule"), new TypeReference<>() {});
    }

    /** WAL is archived all the same. */
    public BackupSchedule pauseBackupSchedule(String id) {
        return change(Call.post(instance(id) + "/backup-schedule:pause"), new TypeReference<>() {});
    }

    public BackupSchedule resumeBackupSchedule(String id) {
        return change(
                Call.post(instance(id) + "/backup-schedule:resume"), new TypeReference<>() {});
    }

    public PendingOperation createBackup(String id, CreateBackupRequest request) {
        return start(Call.post(instance(id) + "/backups").body(request));
    }

    /** Newest first; also of an instance that is gone. */
    public Page<Backup> listBackups(String id, ListQuery query) {
        return transport.send(
                Call.get(instance(id) + "/backups").query(query.parameters()),
                new TypeReference<>() {});
    }

    public Backup getBackup(String id) {
        return transport.send(Call.get(backup(id)), new TypeReference<>() {});
    }

    public PendingOperation deleteBackup(String id) {
        return start(Call.delete(backup(id)));
    }

    /** It is kept whatever the retention says. */
    public Backup pinBackup(String id) {
        return change(Call.post(backup(id) + ":pin"), new TypeReference<>() {});
    }

    public Backup unpinBackup(String id) {
        return change(Call.post(backup(id) + ":unpin"), new TypeReference<>() {});
    }

    public PendingOperation verifyBackup(String id) {
        return start(Call.post(backup(id) + ":verify"));
    }

    /** Takes in what a store holds, where the catalogue knows nothing of it. */
    public PendingOperation importBackups(ImportBackupsRequest request) {
        return start(Call.post("/api/v1/backups:import").body(request));
    }

    /** What the retention would keep and drop now; nothing is changed. */
    public RetentionPlan getRetentionPlan(String id) {
        return transport.send(Call.get(instance(id) + "/retention-plan"), new TypeReference<>() {});
    }

    // ---- restores

    public RestoreWindow getRestoreWindow(String id) {
        return transport.send(Call.get(instance(id) + "/restore-window"), new TypeReference<>() {});
    }

    /** Newest first. */
    public List<RestorePoint> listRestorePoints(String id) {
        return transport.send(Call.get(instance(id) + "/restore-points"), new TypeReference<>() {});
    }

    public PendingOperation createRestorePoint(String id, CreateRestorePointRequest request) {
        return start(Call.post(instance(id) + "/restore-points").body(request));
    }

    /**
     * @throws ToygresException.Conflict when the target is outside of what can be restored; the
     *     message names the window
     */
    public PendingOperation startRestore(RestoreRequest request) {
        return start(Call.post("/api/v1/restores").body(request));
    }

    /** Brings the data back that the last restore over the instance replaced. */
    public PendingOperation undoRestore(String id) {
        return start(Call.post(instance(id) + ":undo-restore"));
    }

    // ---- secrets

    /** Its value goes in, and never comes out. */
    public SecretInfo putSecret(String name, PutSecretRequest request) {
        return change(Call.put(secret(name), request), new TypeReference<>() {});
    }

    /** Since when it has its value. */
    public SecretInfo getSecret(String name) {
        return transport.send(Call.get(secret(name)), new TypeReference<>() {});
    }

    // ---- operations

    public Page<Operation> listOperations(ListQuery query) {
        return transport.send(
                Call.get(OPERATIONS).query(query.parameters()), new TypeReference<>() {});
    }

    public Operation getOperation(String id) {
        return transport.send(Call.get(operation(id)), new TypeReference<>() {});
    }

    public List<OperationStep> listOperationSteps(String id) {
        return transport.send(Call.get(operation(id) + "/steps"), new TypeReference<>() {});
    }

    /** Something to wait on; the server is asked once, how it is now. */
    public PendingOperation watchOperation(String id) {
        return new PendingOperation(this, transport, getOperation(id));
    }

    public Operation cancelOperation(String id) {
        return change(Call.post(operation(id) + ":cancel"), new TypeReference<>() {});
    }

    public PendingOperation retryOperation(String id) {
        return start(Call.post(operation(id) + ":retry"));
    }

    public PendingOperation decideOperation(String id, Decision decision) {
        return start(Call.post(operation(id) + ":decide").body(decision));
    }

    // ---- hosts

    public Page<Host> listHosts(ListQuery query) {
        return transport.send(Call.get(HOSTS).query(query.parameters()), new TypeReference<>() {});
    }

    /** A right, good for one use, to join a host. */
    public JoinToken createJoinToken() {
        return change(Call.post(HOSTS + "/join-tokens"), new TypeReference<>() {});
    }

    /** Needs no API token: the join token in the request is the right to do it. */
    public JoinHostResponse joinHost(JoinHostRequest request) {
        return change(Call.post(HOSTS + ":join").body(request), new TypeReference<>() {});
    }

    /** Refused while it holds members. */
    public void forgetHost(String id) {
        change(Call.delete(HOSTS + "/" + Call.segment(id)));
    }

    // ---- tokens and audit

    /** Its value is in this answer, and never to be had again. */
    public Token createToken(CreateTokenRequest request) {
        return change(Call.post(TOKENS).body(request), new TypeReference<>() {});
    }

    public Page<Token> listTokens(ListQuery query) {
        return transport.send(Call.get(TOKENS).query(query.parameters()), new TypeReference<>() {});
    }

    public void deleteToken(String id) {
        change(Call.delete(TOKENS + "/" + Call.segment(id)));
    }

    /** Newest first. */
    public Page<AuditEntry> listAudit(ListQuery query) {
        return transport.send(
                Call.get("/api/v1/audit").query(query.parameters()), new TypeReference<>() {});
    }

    // ---- what is not a call

    /** All items of a list, page after page as they are needed. */
    public static <T> Stream<T> all(Function<ListQuery, Page<T>> list, ListQuery query) {
        return Stream.iterate(
                        Optional.of(list.apply(query)),
                        Optional::isPresent,
                        page ->
                                page.flatMap(Page::nextCursor)
                                        .map(cursor -> list.apply(query.after(cursor))))
                .flatMap(page -> page.orElseThrow().items().stream());
    }

    /** Ends waiting calls, and all views of this client with it. */
    @Override
    public void close() {
        transport.close();
    }

    private PendingOperation start(Call call) {
        return new PendingOperation(this, transport, change(call, new TypeReference<>() {}));
    }

    private <T> T change(Call call, TypeReference<T> type) {
        return transport.read(call, change(call), type);
    }

    private Answer change(Call call) {
        String key = idempotencyKey.orElseGet(() -> UUID.randomUUID().toString());
        return transport.send(call.header("Idempotency-Key", key));
    }

    private static String instance(String id) {
        return INSTANCES + "/" + Call.segment(id);
    }

    private static String replica(String id, String replicaId) {
        return instance(id) + "/replicas/" + Call.segment(replicaId);
    }

    private static String backup(String id) {
        return "/api/v1/backups/" + Call.segment(id);
    }

    private static String secret(String name) {
        return "/api/v1/secrets/" + Call.segment(name);
    }

    private static String operation(String id) {
        return OPERATIONS + "/" + Call.segment(id);
    }
}
