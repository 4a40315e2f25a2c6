package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Limits;
import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.HttpAgent;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.agentapi.tls.CertificateAuthority;
import dev.toygres.agentapi.tls.Identity;
import dev.toygres.agentapi.tls.Tls;
import dev.toygres.model.Lane;
import dev.toygres.model.MemberId;
import dev.toygres.model.StopMode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an agent must not do. */
@Tag("harness")
final class SafetyTest {
    private static final Workshop SHOP = new Workshop();

    @AfterAll
    static void leaveNothingBehind() {
        SHOP.close();
    }

    @Test
    void refusesAnOlderTokenAlsoAfterARestart() {
        var order = new Order.StopMember(new MemberId("app-t"), 1, StopMode.Fast);
        var claim = new OrderEnvelope("app-t", Lane.topology, 8, 1, new Order.ClaimLane());
        assertThat(SHOP.agent().put("claim", claim, Workshop.WAIT).state())
                .isEqualTo(JobStatus.State.Succeeded);

        var refused = SHOP.order(order, 7);

        assertThat(refused.state()).isEqualTo(JobStatus.State.Refused);
        assertThat(refused.error().orElseThrow()).contains("7").contains("8");
        SHOP.restartAgent();
        assertThat(SHOP.agent().status().highestToken())
                .as("told, so that a catalogue from a backup can draw newer ones")
                .isGreaterThanOrEqualTo(8);
        assertThat(SHOP.order(order, 7).state()).isEqualTo(JobStatus.State.Refused);
        var backup = new OrderEnvelope("app-t", Lane.backup, 3, 1, new Order.ClaimLane());
        assertThat(SHOP.agent().put("other lane", backup, Workshop.WAIT).state())
                .isEqualTo(JobStatus.State.Succeeded);
    }

    @Test
    void refusesAnOlderTerm() {
        SHOP.create("app-o");
        Workshop.succeeded(
                SHOP.order(new Order.StartMember(new MemberId("app-o"), 5, Optional.empty())));

        var refused = SHOP.order(new Order.StopMember(new MemberId("app-o"), 4, StopMode.Fast));

        assertThat(refused.state()).isEqualTo(JobStatus.State.Refused);
        assertThat(SHOP.member("app-o").state()).isEqualTo(State.Running);
        Workshop.succeeded(SHOP.order(new Order.DestroyMember(new MemberId("app-o"), 5)));
    }

    @Test
    void runsAFailedOrderAgainOnlyForAHigherAttempt() {
        var order = new Order.StartMember(new MemberId("nobody"), 1, Optional.empty());
        var first = SHOP.order("failing", order, 1, 1);
        assertThat(first.state()).isEqualTo(JobStatus.State.Failed);
        assertThat(first.error().orElseThrow()).contains("nobody");

        assertThat(SHOP.order("failing", order, 1, 1)).isEqualTo(first);
        assertThat(SHOP.order("failing", order, 1, 2).state()).isEqualTo(JobStatus.State.Failed);
    }

    @Test
    void neverStartsDataThatIsNotItsOwn() throws IOException {
        SHOP.create("app-x");
        SHOP.create("app-y");
        SHOP.stop("app-x", StopMode.Fast);
        SHOP.stop("app-y", StopMode.Fast);
        var data = SHOP.memberHome("app-x").resolve("data");
        Files.move(data, SHOP.memberHome("app-x").resolve("own"));
        Files.move(SHOP.memberHome("app-y").resolve("data"), data);

        var status = SHOP.order(new Order.StartMember(new MemberId("app-x"), 1, Optional.empty()));

        assertThat(status.state()).isEqualTo(JobStatus.State.Failed);
        assertThat(status.error().orElseThrow()).contains("the data is of system");
        assertThat(SHOP.member("app-x").state()).isEqualTo(State.Unknown);
        assertThat(SHOP.member("app-x").trouble()).isPresent();
        assertThat(Remains.of(data)).isEmpty();
        Durable.delete(SHOP.memberHome("app-x"));
        Durable.delete(SHOP.memberHome("app-y"));
        SHOP.restartAgent();
    }

    @Test
    void neverStartsDataWithoutMemory() {
        SHOP.create("app-m");
        SHOP.stop("app-m", StopMode.Immediate);
        Durable.delete(SHOP.memberHome("app-m").resolve("member.json"));
        SHOP.restartAgent();

        assertThat(SHOP.member("app-m").state()).isEqualTo(State.Unknown);
        assertThat(SHOP.order(SHOP.creation("app-m", "app")).error().orElseThrow())
                .contains("data without memory");
        assertThat(Remains.of(SHOP.memberHome("app-m"))).isEmpty();
        Durable.delete(SHOP.memberHome("app-m"));
        SHOP.restartAgent();
    }

    @Test
    void needsVouchersWhereThereIsAnElectorate() throws IOException {
        SHOP.create("app-e");
        SHOP.stop("app-e", StopMode.Fast);
        var memory = SHOP.memberHome("app-e").resolve("member.json");
        var text = Files.readString(memory);
        var elector =
                """
                { "memberId": "app-f", "hostId": "host-2",
                  "agent": { "host": "127.0.0.2", "port": 1 } }\
                """;
        Durable.write(
                memory,
                text.replaceFirst("\"ttlMs\" : 0", "\"ttlMs\" : 3000")
                        .replaceFirst(
                                "\"members\" : \\[ *\\]", "\"members\" : [ " + elector + " ]"));
        SHOP.restartAgent();

        var status = SHOP.order(new Order.StartMember(new MemberId("app-e"), 1, Optional.empty()));

        assertThat(status.error().orElseThrow()).contains("vouchers");
        assertThat(Remains.of(SHOP.memberHome("app-e"))).isEmpty();
        SHOP.destroy("app-e");
    }

    @Test
    void namesWhatIsInstalledWhenAMajorIsNot() {
        var asked = SHOP.creation("app-z", "app");
        var order =
                new Order.CreateMember(
                        asked.memberId(),
                        asked.instanceId(),
                        1,
                        99,
                        asked.settings(),
                        asked.owner(),
                        asked.ownerVerifier(),
                        asked.poolerVerifier(),
                        asked.replicatorVerifier(),
                        asked.database(),
                        asked.certificate());

        var status = SHOP.order(order);

        assertThat(status.error().orElseThrow())
                .contains("Postgres 99 is not installed")
                .contains("15=15.");
        assertThat(SHOP.memberHome("app-z")).doesNotExist();
    }

    @Test
    void endsAToolThatHangs() throws IOException {
        var root = SHOP.home.resolve("hanging");
        var bin = Files.createDirectories(root.resolve("15/bin"));
        for (var program : new String[] {"postgres", "initdb"}) {
            script(bin.resolve(program), program);
        }
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        var usual = Limits.USUAL;
        SHOP.restartAgent(
                SHOP.options(root),
                new Limits(
                        Duration.ofMillis(500),
                        usual.start(),
                        usual.fast(),
                        usual.immediate(),
                        usual.kill(),
                        usual.settings()));
        moveTemplateAside();

        var status = SHOP.order(SHOP.creation("app-h", "app"));

        assertThat(status.error().orElseThrow()).contains("initdb took longer");
        assertThat(Remains.of(root)).isEmpty();
        SHOP.restartAgent();
        assertThat(SHOP.create("app-h").address().port()).isPositive();
        SHOP.destroy("app-h");
    }

    private static void script(Path file, String name) throws IOException {
        Files.writeString(
                file,
                name.equals("postgres") ? "#!/bin/sh\necho 15.0\n" : "#!/bin/sh\nsleep 1000\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void moveTemplateAside() {
        Durable.delete(SHOP.home.resolve("hosts/host-1/templates/15"));
    }

    @Test
    void answersNobodyButTheServer() {
        var foreign = CertificateAuthority.create("somebody else");
        var trusted = Workshop.AUTHORITY.certificate();

        assertThatThrownBy(() -> status(Tls.trusting(trusted)))
                .isInstanceOf(AgentUnreachable.class);
        assertThatThrownBy(() -> status(context(foreign.issueClient("toygres-server"))))
                .isInstanceOf(AgentUnreachable.class);
        assertThatThrownBy(() -> status(context(Workshop.AUTHORITY.issueClient("somebody"))))
                .isInstanceOf(AgentRefusal.class)
                .hasMessageContaining("only a client certificate with CN=toygres-server");
    }

    private static SSLContext context(Identity client) {
        return Tls.context(client, Workshop.AUTHORITY.certificate());
    }

    private static void status(SSLContext tls) {
        try (var agent = new HttpAgent(SHOP.daemon().address(), tls)) {
            agent.status();
        }
    }

    @Test
    void answersNonsenseClearly() throws Exception {
        assertThat(code("PUT", "/v1/jobs/a%2Fb", "{")).isEqualTo(400);
        assertThat(code("PUT", "/v1/jobs/a", "{}")).isEqualTo(400);
        assertThat(code("PUT", "/v1/jobs/a", "x".repeat((1 << 20) + 100))).isEqualTo(413);
        assertThat(code("PUT", "/v1/jobs/a?wait=soon", claim("app-1"))).isEqualTo(400);
        assertThat(code("PUT", "/v1/jobs/a", claim("../../etc"))).isEqualTo(400);
        assertThat(code("GET", "/v1/nothing", "")).isEqualTo(404);
        assertThat(code("DELETE", "/v1/status", "")).isEqualTo(404);
        assertThat(code("GET", "/v1/members/nobody/log", "")).isEqualTo(404);
        assertThat(code("GET", "/v1/members/..%2F..%2Fx/log", "")).isEqualTo(400);
    }

    private static String claim(String subject) {
        return """
        {"subject": "%s", "lane": "topology", "token": 1, "attempt": 1, "order": {"kind": "ClaimLane"}}
        """
                .formatted(subject);
    }

    private static int code(String method, String path, String body) throws Exception {
        var tls = context(Workshop.AUTHORITY.issueClient("toygres-server"));
        try (var http = HttpClient.newBuilder().sslContext(tls).build()) {
            var request =
                    HttpRequest.newBuilder(URI.create("https://" + SHOP.daemon().address() + path))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build();
            return http.send(request, BodyHandlers.ofString()).statusCode();
        }
    }

    @Test
    void refusesSettingsThatAreTheAgentsOwn() {
        SHOP.create("app-s");
        for (var name : List.of("port", "hba_file", "a\nb")) {
            var order =
                    new Order.StartMember(new MemberId("app-s"), 1, Optional.of(Map.of(name, "1")));
            SHOP.stop("app-s", StopMode.Fast);
            assertThat(SHOP.order(order).state()).isEqualTo(JobStatus.State.Failed);
        }
        SHOP.destroy("app-s");
    }
}
