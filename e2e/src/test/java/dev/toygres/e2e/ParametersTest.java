package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.ApplyMode;
import dev.toygres.api.Credentials;
import dev.toygres.api.Instance;
import dev.toygres.api.InstanceParameters;
import dev.toygres.api.Member;
import dev.toygres.api.Operation;
import dev.toygres.api.ParameterChange;
import dev.toygres.api.ParameterPlan;
import dev.toygres.api.Problem;
import dev.toygres.api.Replica;
import dev.toygres.api.SetParametersRequest;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
import dev.toygres.testkit.Eventually;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Nobody can take a database down with a parameter (R5, D13, P55): one instance with two replicas,
 * through the command line and the client.
 */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParametersTest {
    private static final Duration SOON = Duration.ofSeconds(90);

    private Home home;
    private ToygresClient client;

    @BeforeAll
    void up() {
        home = Home.up(3);
        client = home.client();
        home.create("pg");
        client.addReplica("pg", new AddReplicaRequest("pg-r1", Optional.empty())).await();
        client.addReplica("pg", new AddReplicaRequest("pg-r2", Optional.empty())).await();
        home.awaitStreaming("pg", 2);
    }

    @AfterAll
    void down() {
        client.close();
        home.close();
    }

    /** Raised first, then lowered by the revert: replicas before the primary, and the reverse. */
    @Test
    void aMixedChangeAndItsRevertAreInForceOnEveryMemberUnderLoad() throws SQLException {
        String[] wish = {
            "work_mem=6MB",
            "checkpoint_timeout=10min",
            "max_connections=60",
            "max_worker_processes=12"
        };
        Map<String, String> before = inForce(primary());
        Map<String, Long> starts = starts();
        ParameterPlan plan =
                client.planParameters(
                        "pg",
                        SetParametersRequest.of(
                                Map.of(
                                        "work_mem", "6MB",
                                        "checkpoint_timeout", "10min",
                                        "max_connections", 60,
                                        "max_worker_processes", "12")));
        assertThat(plan.changes())
                .extracting(ParameterPlan.Change::category)
                .containsOnly("Dynamic", "Reload", "Restart");

        try (Load pooled = Load.on(home, "pg", true);
                Load direct = Load.on(home, "pg", false)) {
            set(wish, "--reason", "more room").succeeded();
            for (Member member : members()) {
                assertThat(inForce(member.id()))
                        .as(member.id())
                        .containsAllEntriesOf(planned(plan));
            }
            ParameterChange made = changes().getFirst();
            assertThat(made.reason()).contains("more room");
            assertThat(made.who()).isNotBlank();
            assertThat(made.state()).isEqualTo("Applied");

            home.toygres("params", "revert", "pg", made.id()).succeeded();
            for (Member member : members()) {
                Map<String, String> now = inForce(member.id());
                planned(plan)
                        .keySet()
                        .forEach(name -> assertThat(now).containsEntry(name, before.get(name)));
            }
            home.awaitStreaming("pg", 2);
            pooled.awaitMore(50);
            direct.awaitMore(50);
            pooled.stop();
            direct.stop();
            assertThat(pooled.failures()).as("pooled clients only pause").isEmpty();
            assertThat(pooled.lost()).isEmpty();
            assertThat(direct.lost()).isEmpty();
            System.out.println(
                    "two restarts: longest pause, pooled %s, read-write %s; by its account %s ms"
                            .formatted(
                                    pooled.longestGap(),
                                    direct.longestGap(),
                                    made.interruptionMs().orElse(0L)));
        }
        starts.forEach(
                (member, count) -> {
                    assertThat(starts().get(member))
                            .as("%s started once for each change", member)
                            .isEqualTo(count + 2);
                    assertThat(log(member)).doesNotContain("recovery aborted");
                });
    }

    /** D13: a dynamic value reaches sessions that were there before, and lasts. */
    @Test
    void aSessionThatWasOpenSeesTheNewValue() throws SQLException {
        try (Connection open = session("pg", replicas().getFirst())) {
            set(new String[] {"work_mem=5MB"}).succeeded();
            assertThat(shown(open, "work_mem")).isEqualTo("5MB");

            set(new String[] {}, "--reset", "work_mem").succeeded();
            assertThat(shown(open, "work_mem")).isEqualTo("1310kB");
        }
    }

    /** Expected: each is named in one answer, and nothing has been written anywhere. */
    @Test
    void everyFaultIsNamedAtOnceBeforeAnyWrite() {
        String[] wrong = {
            "wrok_mem=4MB",
            "work_mem=3parsecs",
            "max_connections=0",
            "port=1",
            "block_size=4",
            "shared_preload_libraries=nonesuch",
            "shared_buffers=64GB",
            "nonesuch.level=3"
        };
        String[] names = {
            "wrok_mem",
            "work_mem",
            "max_connections",
            "port",
            "block_size",
            "shared_preload_libraries",
            "shared_buffers",
            "nonesuch.level"
        };
        long version = parameters().version();
        int known = changes().size();
        Map<String, String> files = files();

        var outcome = set(wrong);

        assertThat(outcome.exitCode()).isEqualTo(2);
        for (String name : names) {
            assertThat(outcome.errors()).contains("parameters." + name + ":");
        }
        assertThat(outcome.errors())
                .contains("did you mean work_mem")
                .contains("could not access file \"nonesuch\"")
                .doesNotContain("https://")
                .contains("shared_buffers 64GB on a member with 256MB");
        Map<String, Object> values = new TreeMap<>();
        for (String one : wrong) {
            values.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
        }
        var refused =
                catchThrowableOfType(
                        ToygresException.Invalid.class,
                        () -> client.setParameters("pg", SetParametersRequest.of(values)));
        assertThat(refused.fields())
                .extracting(Problem.FieldError::field)
                .containsExactlyInAnyOrder(
                        List.of(names).stream().map(n -> "parameters." + n).toArray(String[]::new));
        assertThat(parameters().version()).isEqualTo(version);
        assertThat(changes()).hasSize(known);
        assertThat(files()).isEqualTo(files);
    }

    /** Expected: Postgres's own words, and no member has noticed. */
    @Test
    void whatPostgresCannotStartWithIsFoundByTheTrial() {
        Map<String, String> files = files();
        Map<String, Long> pids = postmasters();

        var outcome = set(new String[] {"max_locks_per_transaction=50000000", "work_mem=7MB"});

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("could not map anonymous shared memory");
        assertThat(files()).isEqualTo(files);
        assertThat(postmasters()).isEqualTo(pids);
        assertThat(changes().getFirst().state()).isEqualTo("Failed");
        assertThat(changes().getFirst().failure())
                .hasValueSatisfying(words -> assertThat(words).contains("shared memory"));
    }

    /** The trial passes, because only the canary's own data lacks what the new value wants. */
    @Test
    void aCanaryThatDoesNotComeUpHasItsFormerValuesAndNobodyElseIsTouched() throws Exception {
        Path wanted = directory(replicas().getFirst()).resolve("data").resolve("pg_dynshmem");
        Path aside = wanted.resolveSibling("aside");
        Map<String, String> files = files();
        long primary = postmaster(primary());
        Files.move(wanted, aside);
        try {
            var outcome = set(new String[] {"dynamic_shared_memory_type=mmap", "work_mem=7MB"});

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.errors()).contains("pg_dynshmem");
        } finally {
            Files.move(aside, wanted);
        }
        assertThat(changes().getFirst().state()).isEqualTo("Failed");
        assertThat(files()).isEqualTo(files);
        assertThat(postmasters()).containsEntry(primary(), primary);
        home.awaitStreaming("pg", 2);
        String canary = replicas().getFirst();
        assertThat(directory(canary).resolve("settings.returned"))
                .as("what it did not come up with is not wanted any more")
                .doesNotExist();
        for (Member member : members()) {
            assertThat(inForce(member.id())).containsEntry("dynamic_shared_memory_type", "posix");
        }
    }

    /**
     * R5.22: nobody restarts the primary before it is asked for; what is lowered comes to replicas
     * after that. Another change meanwhile interrupts nobody, and a name is read in any case.
     */
    @Test
    void whatWaitsForTheNextRestartIsInForceAfterIt() throws SQLException {
        String before = inForce(primary()).get("max_connections");
        int lower = Integer.parseInt(before) - 10;
        Map<String, Long> pids = postmasters();
        try (Load pooled = Load.on(home, "pg", true)) {
            set(new String[] {"max_connections=" + lower}, "--on-next-restart").succeeded();
            String waiting = changes().getFirst().id();
            set(new String[] {"wal_compression=on", "timezone=Europe/Vienna"}).succeeded();

            assertThat(postmasters()).isEqualTo(pids);
            assertThat(client.getParameterChange("pg", waiting).state()).isEqualTo("Pending");
            assertThat(home.toygres("params", "list", "pg").succeeded().output())
                    .contains("max_connections");
            for (Member member : members()) {
                assertThat(inForce(member.id()))
                        .as(member.id())
                        .containsEntry("max_connections", before)
                        .containsEntry("wal_compression", "pglz");
            }

            assertThat(parameters().parameters())
                    .filteredOn(one -> one.name().equals("TimeZone"))
                    .extracting(one -> one.value().orElse(""))
                    .containsExactly("Europe/Vienna");

            home.toygres("restart", "pg").succeeded();

            Eventually.within(
                    SOON,
                    () -> {
                        assertThat(client.getParameterChange("pg", waiting).state())
                                .isEqualTo("Applied");
                        for (Member member : members()) {
                            assertThat(inForce(member.id()))
                                    .as(member.id())
                                    .containsEntry("max_connections", "" + lower);
                        }
                    });
            home.awaitStreaming("pg", 2);
            pooled.awaitMore(50);
            pooled.stop();
            assertThat(pooled.lost()).isEmpty();
        }
        members().forEach(one -> assertThat(log(one.id())).doesNotContain("recovery aborted"));
    }

    /** D13: durable, and made once, by whichever server is there. */
    @Test
    void aScheduledChangeThatWasDueWhileTheServerWasDownIsMadeOnceAfterwards() throws SQLException {
        long version = parameters().version();
        Instant at = Instant.now().plusSeconds(15);
        String id =
                client.setParameters(
                                "pg",
                                new SetParametersRequest(
                                        Optional.of(Map.of("deadlock_timeout", "2s")),
                                        Optional.empty(),
                                        Optional.of(new ApplyMode("Scheduled", Optional.of(at))),
                                        Optional.empty(),
                                        Optional.empty()))
                        .id();
        assertThat(home.toygres("params", "changes", "pg").succeeded().output())
                .contains("Scheduled");
        Home.kill9(home.pid("server"));
        Eventually.until(SOON, "its time is past", () -> Instant.now().isAfter(at));

        home.toygres("up").succeeded();

        Eventually.within(
                SOON,
                () -> assertThat(client.getParameterChange("pg", id).state()).isEqualTo("Applied"));
        for (Member member : members()) {
            assertThat(inForce(member.id())).containsEntry("deadlock_timeout", "2s");
        }
        assertThat(parameters().version()).isEqualTo(version + 1);
    }

    /**
     * It dies when one replica has the new values and it has not: whoever is primary then, all
     * members have what is agreed. The change makes room for the failover, and is tried again.
     */
    @Test
    void aPrimaryThatDiesAfterTheCanaryLeavesAllWithWhatIsAgreed() throws SQLException {
        String old = primary();
        String before = inForce(old).get("max_worker_processes");
        try (Load load = Load.on(home, "pg", false)) {
            load.awaitMore(50);
            var change =
                    client.setParameters(
                            "pg", SetParametersRequest.of(Map.of("max_worker_processes", 14)));
            Eventually.until(SOON, "the canary has it", () -> isPastCanary(change.now()));

            Home.kill9(postmaster(old));

            Eventually.until(SOON, "it ended", () -> change.now().completedAt().isPresent());
            load.awaitMore(50);
            home.awaitStreaming("pg", 2);
            load.stop();
            assertThat(load.lost()).isEmpty();
            ParameterChange end = client.getParameterChange("pg", change.id());
            System.out.println(
                    "primary %s -> %s, the change is %s: %s"
                            .formatted(old, primary(), end.state(), end.failure().orElse("")));
            if (end.state().equals("Cancelled")) {
                assertThat(end.failure().orElse("")).contains(changes().getFirst().id());
            }
            String agreed = end.state().equals("Failed") ? before : "14";
            Eventually.within(
                    SOON,
                    () -> {
                        for (Member member : members()) {
                            assertThat(inForce(member.id()))
                                    .as(member.id())
                                    .containsEntry("max_worker_processes", agreed);
                        }
                    });
            assertThat(instance().state()).isEqualTo("Running");
        }
    }

    /** And not yet at the primary, unless this machine is too busy to see it. */
    private boolean isPastCanary(Operation change) {
        String step = change.currentStep().orElse("");
        return step.startsWith("see-streaming-")
                || step.startsWith("configure-" + replicas().getLast())
                || change.completedAt().isPresent();
    }

    /** A change goes on without it, and it has the values by itself when its host is back. */
    @Test
    void aReplicaWhoseHostWasAwayHasTheValuesWhenItIsBack() {
        String away = replicas().getFirst();
        String host = host(away);
        home.toygres("down", "--host", host).succeeded();
        try {
            var refused = set(new String[] {"max_connections=70"});
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.errors()).contains(away).contains("bring it back");

            set(new String[] {"track_activity_query_size=2048", "log_statement=mod"}).succeeded();
        } finally {
            home.toygres("up", "--host", host).succeeded();
        }

        Eventually.within(
                SOON,
                () ->
                        assertThat(inForce(away))
                                .containsEntry("track_activity_query_size", "2kB")
                                .containsEntry("log_statement", "mod"));
        home.awaitStreaming("pg", 2);
    }

    /** D13: what users change with ALTER SYSTEM is shown, adopted or taken back. */
    @Test
    void whatAlterSystemChangedIsShownAdoptedOrTakenBack() throws Exception {
        String primary = primary();
        alterSystem(primary, "log_min_duration_statement", "250ms");

        assertThat(home.toygres("params", "list", "pg").succeeded().output())
                .contains("ALTER SYSTEM")
                .contains("log_min_duration_statement");
        assertThat(parameters().trouble()).anyMatch(words -> words.contains("ALTER SYSTEM"));
        home.toygres("params", "set", "pg", "--drift", "adopt").succeeded();
        for (Member member : members()) {
            assertThat(inForce(member.id())).containsEntry("log_min_duration_statement", "250ms");
        }

        alterSystem(primary, "log_min_duration_statement", "9s");
        home.toygres("params", "set", "pg", "--drift", "revert").succeeded();
        assertThat(inForce(primary)).containsEntry("log_min_duration_statement", "250ms");
        assertThat(parameters().trouble()).isEmpty();
    }

    /** The line that ALTER SYSTEM leaves. */
    private void alterSystem(String member, String name, String value) throws Exception {
        Path file = directory(member).resolve("data").resolve("postgresql.auto.conf");
        Files.writeString(file, name + " = '" + value + "'\n", StandardOpenOption.APPEND);
        Home.signal(postmaster(member), "HUP");
        Eventually.until(SOON, "it is read", () -> value.equals(inForce(member).get(name)));
    }

    /** Checked as a change is; then every profile boots and works (R5.42-R5.49). */
    @Test
    void anInstanceIsMadeWithItsParametersAndProfileOrNotAtAll() throws Exception {
        var refused =
                home.toygres(
                        "create",
                        "born",
                        "--size",
                        "nano",
                        "--profile",
                        "oltp",
                        "--set",
                        "wrok_mem=1MB",
                        "--set",
                        "shared_buffers=64GB",
                        "--set",
                        "port=1");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.errors())
                .contains("parameters.wrok_mem:")
                .contains("parameters.shared_buffers:")
                .contains("parameters.port:");
        assertThat(home.toygres("get", "born").exitCode()).isEqualTo(3);

        home.toygres(
                        "create",
                        "born",
                        "--size",
                        "nano",
                        "--profile",
                        "oltp",
                        "--set",
                        "work_mem=2MB",
                        "--set",
                        "shared_preload_libraries=pg_stat_statements",
                        "--set",
                        "pg_stat_statements.track=all")
                .succeeded();

        assertThat(inForce("born", "born-m1"))
                .containsEntry("work_mem", "2MB")
                .containsEntry("max_parallel_workers_per_gather", "0")
                .containsEntry("pg_stat_statements.track", "all");
        assertThat(client.getParameters("born").profile()).contains("Oltp");
        assertThat(client.listParameterChanges("born", ListQuery.first()).items())
                .extracting(ParameterChange::cause)
                .containsExactly("create");
        assertThat(
                        home.toygres("params", "profile", "born", "analytics", "--dry-run")
                                .succeeded()
                                .output())
                .contains("half of the cores for one query")
                .contains("https://www.postgresql.org/docs/15/runtime-config-resource.html");
        assertThat(
                        home.toygres("params", "describe", "pg_stat_statements.track")
                                .succeeded()
                                .output())
                .contains("top, all");
        assertThat(home.toygres("params", "describe", "nonesuch.track").exitCode()).isEqualTo(3);
        pgbench("-i", "-q", "-s", "1");
        pgbench("-c", "4", "-T", "1");
        for (String profile : List.of("analytics", "general-purpose", "development")) {
            home.toygres("params", "profile", "born", profile).succeeded();
            pgbench("-c", "4", "-T", "1");
        }
        client.deleteInstance("born").await();
    }

    private void pgbench(String... options) throws Exception {
        Credentials credentials = client.getCredentials("born");
        var address = client.getInstance("born").endpoints().orElseThrow().readWrite();
        List<String> command = new ArrayList<>(List.of("pgbench"));
        command.addAll(List.of(options));
        command.add(
                "host=%s port=%d user=%s dbname=%s sslmode=require"
                        .formatted(
                                address.host(),
                                address.port(),
                                credentials.username(),
                                credentials.database()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", credentials.password());
        Process process = builder.start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(words).isZero();
    }

    // ---- what there is ----

    private Launcher.Outcome set(String[] assignments, String... more) {
        String[] all = new String[3 + assignments.length + more.length];
        all[0] = "params";
        all[1] = "set";
        all[2] = "pg";
        System.arraycopy(assignments, 0, all, 3, assignments.length);
        System.arraycopy(more, 0, all, 3 + assignments.length, more.length);
        return home.toygres(all);
    }

    private static Map<String, String> planned(ParameterPlan plan) {
        Map<String, String> values = new TreeMap<>();
        plan.changes().forEach(one -> values.put(one.name(), one.newValue().orElse("")));
        return values;
    }

    /** What a fresh session on the member itself sees. */
    private Map<String, String> inForce(String memberId) throws SQLException {
        return inForce("pg", memberId);
    }

    private Map<String, String> inForce(String id, String memberId) throws SQLException {
        Map<String, String> values = new TreeMap<>();
        try (Connection session = session(id, memberId);
                PreparedStatement query =
                        session.prepareStatement(
                                "select name, current_setting(name) from pg_settings");
                var rows = query.executeQuery()) {
            while (rows.next()) {
                values.put(rows.getString(1), rows.getString(2));
            }
        }
        return values;
    }

    private Connection session(String id, String memberId) throws SQLException {
        Credentials credentials = client.getCredentials(id);
        Member member =
                client.getInstance(id).members().stream()
                        .filter(one -> one.id().equals(memberId))
                        .findFirst()
                        .orElseThrow();
        return Home.connect(credentials, member.host(), member.port());
    }

    private static String shown(Connection session, String name) throws SQLException {
        try (PreparedStatement query = session.prepareStatement("select current_setting(?)")) {
            query.setString(1, name);
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    /** The settings file of each member. */
    private Map<String, String> files() {
        Map<String, String> files = new TreeMap<>();
        members()
                .forEach(
                        one ->
                                files.put(
                                        one.id(),
                                        Home.read(
                                                directory(one.id()).resolve("conf/toygres.conf"))));
        return files;
    }

    private Map<String, Long> postmasters() {
        Map<String, Long> pids = new TreeMap<>();
        members().forEach(one -> pids.put(one.id(), postmaster(one.id())));
        return pids;
    }

    private long postmaster(String memberId) {
        return home.postmaster(host(memberId), memberId);
    }

    /** How often each has started so far. */
    private Map<String, Long> starts() {
        Map<String, Long> counts = new TreeMap<>();
        members()
                .forEach(
                        one ->
                                counts.put(
                                        one.id(),
                                        log(one.id())
                                                .lines()
                                                .filter(
                                                        line ->
                                                                line.contains(
                                                                        "starting PostgreSQL"))
                                                .count()));
        return counts;
    }

    private String log(String memberId) {
        return Home.read(directory(memberId).resolve("guard").resolve("postgres.log"));
    }

    private Path directory(String memberId) {
        return home.member(host(memberId), memberId);
    }

    /** Each has a host of its own. */
    private String host(String memberId) {
        return List.of("host-1", "host-2", "host-3").stream()
                .filter(host -> Files.exists(home.member(host, memberId).resolve("data")))
                .findFirst()
                .orElseThrow();
    }

    private String primary() {
        return instance().primary().orElseThrow();
    }

    /** By name: the canary first. */
    private List<String> replicas() {
        return instance().replicas().stream().map(Replica::id).sorted().toList();
    }

    private List<Member> members() {
        return instance().members();
    }

    private InstanceParameters parameters() {
        return client.getParameters("pg");
    }

    private List<ParameterChange> changes() {
        return client.listParameterChanges("pg", ListQuery.first()).items();
    }

    private Instance instance() {
        return client.getInstance("pg");
    }
}
