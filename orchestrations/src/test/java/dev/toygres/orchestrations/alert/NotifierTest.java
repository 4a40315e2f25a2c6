package dev.toygres.orchestrations.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.model.Refused;
import dev.toygres.model.Secret;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.alert.Notifications.TargetWish;
import dev.toygres.store.AlertStore;
import dev.toygres.store.NotificationStore;
import dev.toygres.store.SecretStore;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** R3.53, R3.54, P56: somebody is told, signed, at least once, and nobody waits for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotifierTest {
    private static final Alert ALERT =
            Alert.ofInstance(
                    AlertSeverity.Critical, AlertKind.InstanceUnhealthy, "pg", "it does not serve");
    private static final Secret KEY = new Secret("a-key-of-some-length");

    private final House house = new House("notifier");
    private final SecretStore secrets = new SecretStore(new byte[32]);
    private final Notifier notifier =
            new Notifier(house.catalogue, secrets, InstantSource.system());
    private final NotificationDesk desk = new NotificationDesk(house.catalogue, secrets, notifier);
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger answer = new AtomicInteger(200);
    private HttpServer receiver = start();

    private record Received(Map<String, String> headers, String body) {
        JsonNode json() {
            return new JsonMapper().readTree(body);
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private HttpServer start() {
        try {
            HttpServer made =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            made.createContext(
                    "/",
                    exchange -> {
                        var headers =
                                new java.util.TreeMap<String, String>(String::compareToIgnoreCase);
                        exchange.getRequestHeaders()
                                .forEach((name, values) -> headers.put(name, values.getFirst()));
                        received.add(
                                new Received(
                                        headers,
                                        new String(
                                                exchange.getRequestBody().readAllBytes(),
                                                StandardCharsets.UTF_8)));
                        exchange.sendResponseHeaders(answer.get(), -1);
                        exchange.close();
                    });
            made.start();
            return made;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterAll
    void close() {
        receiver.stop(0);
        notifier.close();
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
        received.clear();
        answer.set(200);
    }

    @AfterEach
    void forgetTargets() {
        desk.replace(List.of(log()), Optional.empty(), Optional.empty());
    }

    /** Both go from the target to what it is to be told: else each could wait for the other. */
    @Test
    void aTargetIsRemovedWhileSomethingIsDeliveredToIt() throws Exception {
        to(hook("pager", url()));
        raise();
        var row =
                house.catalogue
                        .jdbi()
                        .withHandle(h -> NotificationStore.take(h, "pager", Duration.ZERO))
                        .orElseThrow();
        var handle = house.catalogue.jdbi().open();
        handle.begin();
        handle.execute(
                "select * from catalogue.notification_target where name = 'pager' for update");
        int remover = handle.createQuery("select pg_backend_pid()").mapTo(Integer.class).one();
        var delivery =
                CompletableFuture.runAsync(
                        () ->
                                house.catalogue
                                        .jdbi()
                                        .useTransaction(
                                                other -> NotificationStore.delivered(other, row)));
        Eventually.within(Duration.ofSeconds(20), () -> assertThat(waitsFor(remover)).isTrue());

        NotificationStore.remove(handle, "pager");
        handle.commit();
        handle.close();

        delivery.get(20, TimeUnit.SECONDS);
    }

    private boolean waitsFor(int pid) {
        return house.catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "select exists (select from pg_stat_activity where"
                                                        + " :pid = any(pg_blocking_pids(pid)))")
                                        .bind("pid", pid)
                                        .mapTo(Boolean.class)
                                        .one());
    }

    @Test
    void aWebhookGetsWhatIsSignedForIt() {
        to(hook("pager", url()));
        raise();
        tellEverybody();

        Received first = received.getFirst();
        assertThat(first.json().path("type").asString()).isEqualTo("alert.Raised");
        assertThat(first.json().path("data").path("message").asString())
                .isEqualTo("it does not serve");
        assertThat(first.json().path("data").path("severity").asString()).isEqualTo("Critical");
        assertThat(first.header("webhook-signature"))
                .isEqualTo(
                        Signature.of(
                                KEY,
                                first.header("webhook-id"),
                                Instant.ofEpochSecond(
                                        Long.parseLong(first.header("webhook-timestamp"))),
                                first.body()));
    }

    /**
     * The example of the specification: https://www.standardwebhooks.com, as its libraries test.
     */
    @Test
    void signsAsStandardWebhooksDoes() {
        assertThat(
                        Signature.of(
                                new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                Instant.ofEpochSecond(1614265330),
                                "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void itsEndIsToldToo() {
        to(hook("pager", url()));
        raise();
        tellEverybody();
        house.catalogue.jdbi().useTransaction(handle -> Alarms.resolve(handle, ALERT.key()));
        tellEverybody();

        assertThat(received)
                .extracting(one -> one.json().path("type").asString())
                .containsExactly("alert.Raised", "alert.Resolved");
        assertThat(received.get(1).json().path("data").has("resolvedAt")).isTrue();
    }

    @Test
    void whatMattersLessIsNotTold() {
        to(
                new TargetWish(
                        "pager",
                        "Webhook",
                        Optional.of("Critical"),
                        Optional.of(url()),
                        Optional.of(KEY),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of()));
        house.catalogue
                .jdbi()
                .useTransaction(
                        handle ->
                                Alarms.raise(
                                        handle,
                                        Alert.of(
                                                AlertSeverity.Warning,
                                                AlertKind.DiskNearlyFull,
                                                "host-1",
                                                "nearly")));

        assertThat(desk.deliveries("pager", 10, Optional.empty())).isEmpty();
    }

    @Test
    void aDeadWebhookIsTriedAgainRecordedAndItselfAnAlertUntilItLives() {
        answer.set(500);
        to(hook("pager", url()));
        raise();
        for (int attempt = 0; attempt < 3; attempt++) {
            int sofar = attempt;
            eventually(
                    () ->
                            desk.deliveries("pager", 10, Optional.empty()).getLast().attempts()
                                    > sofar);
            hurry();
        }
        eventually(() -> unresolved().contains("NotificationFailing/pager"));
        var delivery = desk.deliveries("pager", 10, Optional.empty()).getLast();
        assertThat(delivery.attempts()).isGreaterThanOrEqualTo(3);
        assertThat(delivery.lastError()).contains("it answered 500");
        assertThat(delivery.endedAt()).isEmpty();
        assertThat(received)
                .filteredOn(one -> one.body().contains("it does not serve"))
                .extracting(one -> one.header("webhook-id"))
                .as("a repeat can be recognised")
                .containsOnly(delivery.id());
        eventually(() -> logged().stream().allMatch(one -> one.endedAt().isPresent()));
        assertThat(logged()).as("others are told meanwhile").isNotEmpty();

        answer.set(204);
        eventually(
                () -> {
                    hurry();
                    return unresolved().equals(List.of(ALERT.key()));
                });
        assertThat(desk.targets().targets())
                .filteredOn(one -> one.name().equals("pager"))
                .extracting(Notifications.TargetView::failures)
                .containsExactly(0);
    }

    @Test
    void aSilentWebhookHoldsUpNobody() throws IOException {
        try (var silent = new java.net.ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            to(hook("silent", "http://127.0.0.1:" + silent.getLocalPort()), hook("pager", url()));
            raise();

            eventually(() -> received.size() == 1);
        }
    }

    @Test
    void whatAServerTookWithItIsToldByTheNext() {
        to(hook("pager", url()));
        raise();
        house.catalogue
                .jdbi()
                .useTransaction(
                        handle -> NotificationStore.take(handle, "pager", Duration.ofMinutes(1)));
        assertThat(desk.deliveries("pager", 10, Optional.empty()).getFirst().attempts())
                .isEqualTo(1);

        hurry();
        eventually(() -> received.size() == 1);
    }

    @Test
    void aTestTellsWhetherItArrived() {
        to(hook("pager", url()));
        assertThat(desk.test("pager").outcome()).contains(NotificationStore.Outcome.Delivered);

        answer.set(404);
        var failed = desk.test("pager");
        assertThat(failed.outcome()).contains(NotificationStore.Outcome.GaveUp);
        assertThat(failed.lastError()).contains("it answered 404");
        assertThatThrownBy(() -> desk.test("nobody")).isInstanceOf(Refused.class);
    }

    @Test
    void secretsAreSealedAndNeverShown() {
        to(hook("pager", url() + "/services/T0/B0/very-secret-path?x=1"));

        var shown = desk.targets().targets().getLast();
        assertThat(shown.url()).contains(url() + "/***");
        assertThat(shown.hasSecret()).isTrue();
        String everything =
                house.catalogue
                        .jdbi()
                        .withHandle(
                                handle ->
                                        handle.createQuery(
                                                        "select string_agg(t::text, ' ') from"
                                                                + " catalogue.notification_target t")
                                                .mapTo(String.class)
                                                .one());
        assertThat(everything).doesNotContain("very-secret-path").doesNotContain(KEY.reveal());
    }

    @Test
    void whatComesBackAsItWasShownStaysAsItIs() {
        to(hook("pager", url() + "/hook/1"));
        var wish =
                new TargetWish(
                        "pager",
                        "Webhook",
                        Optional.of("Warning"),
                        desk.targets().targets().getLast().url(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of());
        to(wish);
        raise();

        eventually(() -> received.size() == 1);
        assertThat(received.getFirst().header("webhook-signature")).startsWith("v1,");
    }

    @Test
    void allThatIsWrongIsSaidAtOnceAndNothingIsChanged() {
        assertThatThrownBy(
                        () ->
                                desk.replace(
                                        List.of(
                                                hook("Pager", "ftp://there"),
                                                mail("mail", Optional.of("me"), Optional.empty())),
                                        Optional.of(Duration.ofSeconds(1)),
                                        Optional.empty()))
                .isInstanceOfSatisfying(
                        Refused.class,
                        no ->
                                assertThat(no.faults())
                                        .extracting(Refused.FieldFault::field)
                                        .containsExactly(
                                                "repeatEvery",
                                                "targets[0].name",
                                                "targets[0].url",
                                                "targets[1].password",
                                                "targets[1].security"));
        assertThat(desk.targets().targets())
                .extracting(Notifications.TargetView::name)
                .containsExactly("log");
    }

    /** Else whoever may change targets could have the kept password sent to a host of his own. */
    @Test
    void aKeptPasswordIsNotSentElsewhere() {
        to(smtp("mail", "mail.example.org", Optional.of(new Secret("pw"))));

        assertThatThrownBy(() -> to(smtp("mail", "mail.evil.example", Optional.empty())))
                .hasMessageContaining("targets[1].password");
        to(smtp("mail", "mail.example.org", Optional.empty()));
    }

    @Test
    void oneWhoHasNotSeenTheLastChangeIsRefused() {
        long seen = desk.targets().revision();
        desk.replace(List.of(log()), Optional.empty(), Optional.of(seen));

        assertThatThrownBy(() -> desk.replace(List.of(log()), Optional.empty(), Optional.of(seen)))
                .isInstanceOf(Refused.class);
    }

    @Test
    void mailIsHandedToTheMailServer() throws IOException {
        try (var server = new FakeMailServer()) {
            to(
                    new TargetWish(
                            "mail",
                            "Smtp",
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of("127.0.0.1"),
                            Optional.of(server.port()),
                            Optional.of("None"),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of("toygres@example.org"),
                            List.of("oncall@example.org", "boss@example.org")));
            raise();
            eventually(() -> server.mails().size() == 1);

            assertThat(server.mails().getFirst())
                    .contains("Subject: [toygres] Critical: it does not serve")
                    .contains("Instance: pg");
            assertThat(server.recipients())
                    .containsExactly("oncall@example.org", "boss@example.org");
        }
    }

    /** A mail server that offers no STARTTLS gets nothing, where it was wished for. */
    @Test
    void mailIsNeverSentInTheClearWhereItShallNotBe() throws IOException {
        try (var server = new FakeMailServer()) {
            to(
                    new TargetWish(
                            "mail",
                            "Smtp",
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of("127.0.0.1"),
                            Optional.of(server.port()),
                            Optional.empty(),
                            Optional.of("me"),
                            Optional.of(new Secret("hush-hush")),
                            Optional.of("toygres@example.org"),
                            List.of("oncall@example.org")));
            var sent = desk.test("mail");

            assertThat(sent.outcome()).contains(NotificationStore.Outcome.GaveUp);
            assertThat(sent.lastError()).get().asString().contains("STARTTLS");
            assertThat(server.mails()).isEmpty();
            assertThat(server.heard()).noneMatch(line -> line.startsWith("AUTH"));
        }
    }

    @Test
    void backsOffUpToFiveMinutes() {
        assertThat(Notifier.wait(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Notifier.wait(4)).isEqualTo(Duration.ofSeconds(8));
        assertThat(Notifier.wait(9)).isEqualTo(Duration.ofSeconds(256));
        assertThat(Notifier.wait(10)).isEqualTo(Duration.ofMinutes(5));
        assertThat(Notifier.wait(300)).isEqualTo(Duration.ofMinutes(5));
    }

    private String url() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort();
    }

    private void to(TargetWish... targets) {
        var all = new java.util.ArrayList<>(List.of(log()));
        all.addAll(List.of(targets));
        desk.replace(all, Optional.empty(), Optional.empty());
    }

    private static TargetWish log() {
        return new TargetWish(
                "log",
                "Log",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static TargetWish hook(String name, String url) {
        return new TargetWish(
                name,
                "Webhook",
                Optional.empty(),
                Optional.of(url),
                Optional.of(KEY),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static TargetWish smtp(String name, String host, Optional<Secret> password) {
        return new TargetWish(
                name,
                "Smtp",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(host),
                Optional.empty(),
                Optional.empty(),
                Optional.of("me"),
                password,
                Optional.of("toygres@example.org"),
                List.of("oncall@example.org"));
    }

    private static TargetWish mail(
            String name, Optional<String> username, Optional<Secret> password) {
        return new TargetWish(
                name,
                "Smtp",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("mail.example.org"),
                Optional.empty(),
                Optional.of("None"),
                username,
                password,
                Optional.of("toygres@example.org"),
                List.of("oncall@example.org"));
    }

    private void raise() {
        house.catalogue.jdbi().useTransaction(handle -> Alarms.raise(handle, ALERT));
    }

    private void tellEverybody() {
        eventually(
                () ->
                        desk.deliveries("pager", 10, Optional.empty()).stream()
                                .allMatch(one -> one.endedAt().isPresent()));
    }

    /** What would be due later is due now. */
    private void hurry() {
        house.catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                handle.execute("update catalogue.notification set due_at = now()"));
    }

    private void eventually(java.util.function.BooleanSupplier so) {
        Eventually.within(
                Duration.ofSeconds(20),
                () -> {
                    notifier.look();
                    assertThat(so.getAsBoolean()).isTrue();
                });
    }

    private List<NotificationStore.Row> logged() {
        return desk.deliveries("log", 20, Optional.empty());
    }

    private List<String> unresolved() {
        return house
                .catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                AlertStore.list(
                                        handle,
                                        new AlertStore.Filter(
                                                Optional.empty(),
                                                Optional.of(AlertStore.Which.unresolved),
                                                Optional.empty()),
                                        10,
                                        Optional.empty()))
                .stream()
                .map(AlertStore.Row::key)
                .toList();
    }
}
