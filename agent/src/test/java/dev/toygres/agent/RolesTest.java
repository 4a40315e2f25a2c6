package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.OrderResult.MemberUp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what in a new instance, and who learns which secret. */
@Tag("harness")
final class RolesTest {
    private static final Workshop SHOP = new Workshop();
    private static MemberUp member;
    private static EndpointPorts ports;
    private static final Path LOG = SHOP.home.resolve("logs/agent-host-1.log");

    @BeforeAll
    static void create() {
        AgentLog.to(LOG);
        member = SHOP.create("app-1");
        ports = SHOP.openEndpoint(member, 1);
    }

    @AfterAll
    static void leaveNothingBehind() {
        SHOP.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE t (i int)",
                "CREATE SCHEMA s",
                "CREATE DATABASE mine",
                "CREATE ROLE somebody LOGIN PASSWORD 'x'",
                "GRANT pg_read_all_data TO app",
                "CREATE EXTENSION pgcrypto",
                "SELECT * FROM pg_stat_activity",
                "SELECT pg_cancel_backend(0)",
                "CHECKPOINT",
                "CREATE ROLE other; GRANT pg_monitor TO other"
            })
    void theOwnerMay(String statement) throws SQLException {
        try (var owner = SHOP.sql(member.address().port())) {
            Workshop.run(owner, statement);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE ROLE boss SUPERUSER",
                "ALTER ROLE app SUPERUSER",
                "GRANT postgres TO app",
                "GRANT pg_execute_server_program TO app",
                "GRANT pg_read_server_files TO app",
                "GRANT pg_write_server_files TO app",
                "SET ROLE pg_execute_server_program",
                "ALTER ROLE app REPLICATION",
                "ALTER ROLE toygres_replicator PASSWORD 'mine'",
                "ALTER ROLE postgres PASSWORD 'mine'",
                "COPY (SELECT 1) TO PROGRAM 'id'",
                "SELECT pg_read_file('/etc/passwd')",
                "SELECT rolpassword FROM pg_authid",
                "SELECT toygres.pooler_lookup('app')",
                "DROP SCHEMA toygres CASCADE",
                "ALTER SYSTEM SET ssl = off",
                "CREATE EXTENSION pg_stat_statements",
                "CREATE EXTENSION postgres_fdw",
                "SELECT pg_stat_reset()"
            })
    void theOwnerMayNot(String statement) throws SQLException {
        try (var owner = SHOP.sql(member.address().port())) {
            assertThatThrownBy(() -> Workshop.run(owner, statement))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void theMonitorIsNotLetInFromElsewhere() {
        assertThatThrownBy(() -> SHOP.sql(ports.pooled(), "toygres_monitor", "x", "app", "require"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void noSecretIsInALogOrACommandLine() throws IOException {
        SHOP.restart("app-1");
        var secrets = secrets();
        assertThat(secrets).hasSizeGreaterThan(5);
        assertThat(Files.readString(LOG)).contains("RestartMember done");

        for (var secret : secrets) {
            assertThat(places(secret)).as("where a secret is").isEmpty();
        }
    }

    private static List<String> secrets() throws IOException {
        var all = new ArrayList<String>();
        all.add(SHOP.ownerPassword.reveal());
        all.add(SHOP.poolerPassword.reveal());
        all.add(SHOP.ownerVerifier);
        all.add(keyBody(SHOP.certificate.key()));
        all.add(Files.readString(SHOP.home.resolve("hosts/host-1/templates/15/password")));
        all.add(SHOP.replicatorPassword.reveal());
        return all;
    }

    private static String keyBody(String pem) {
        return pem.lines().skip(1).findFirst().orElseThrow();
    }

    /** Command lines of all processes, and whatever is called a log. */
    private static List<String> places(String secret) throws IOException {
        var found = new ArrayList<String>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                addIfHolds(process.resolve("cmdline"), secret, found);
            }
        }
        try (var files = Files.walk(SHOP.home)) {
            files.filter(file -> file.toString().endsWith(".log"))
                    .forEach(file -> addIfHolds(file, secret, found));
        }
        return found;
    }

    private static void addIfHolds(Path file, String secret, List<String> found) {
        try {
            var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            if (text.contains(secret)) {
                found.add(file.toString());
            }
        } catch (IOException gone) {
            assertThat(file.toString()).startsWith("/proc");
        }
    }

    @Test
    void filesWithSecretsAreReadableByTheirOwnerOnly() throws IOException {
        for (var file :
                List.of(
                        SHOP.memberHome("app-1").resolve("access/agent.pk8"),
                        SHOP.memberHome("app-1").resolve("member.json"),
                        SHOP.memberHome("app-1").resolve("tls/server.key"),
                        SHOP.home.resolve("hosts/host-1/templates/15/password"),
                        SHOP.home.resolve("hosts/host-1/endpoints/app/pgbouncer/userlist.txt"),
                        SHOP.home.resolve("hosts/host-1/endpoints/app/pgbouncer/server.key"))) {
            assertThat(Files.getPosixFilePermissions(file))
                    .as(file.toString())
                    .isEqualTo(
                            Set.of(
                                    PosixFilePermission.OWNER_READ,
                                    PosixFilePermission.OWNER_WRITE));
        }
        assertThat(ports.pooled()).isPositive();
    }
}
