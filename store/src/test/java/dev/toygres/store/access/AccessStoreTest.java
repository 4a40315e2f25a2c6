package dev.toygres.store.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.model.Secret;
import dev.toygres.store.Catalogue;
import dev.toygres.store.access.AuditLog.Deed;
import dev.toygres.store.access.AuditLog.Outcome;
import dev.toygres.store.access.IdempotencyKeys.Answer;
import dev.toygres.store.access.IdempotencyKeys.Answered;
import dev.toygres.store.access.IdempotencyKeys.Claim;
import dev.toygres.store.access.IdempotencyKeys.Mine;
import dev.toygres.store.access.IdempotencyKeys.Reused;
import dev.toygres.store.access.IdempotencyKeys.Taken;
import dev.toygres.store.access.Tokens.Removal;
import dev.toygres.testkit.TestDatabase;
import dev.toygres.testkit.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class AccessStoreTest {
    private static final String PRINT = "ab".repeat(32);
    private static final String OTHER_PRINT = "cd".repeat(32);
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private TestDatabase database;
    private Jdbi jdbi;
    private Tokens tokens;
    private AuditLog audit;
    private IdempotencyKeys keys;

    @BeforeAll
    void migrate() {
        database = TestPostgres.database("access");
        var catalogue = new Catalogue(database.dataSource());
        catalogue.migrate();
        jdbi = catalogue.jdbi();
        tokens = new CatalogueTokens(jdbi, time::get);
        audit = new CatalogueAuditLog(jdbi);
        keys = new CatalogueIdempotencyKeys(jdbi);
    }

    @AfterAll
    void drop() {
        database.close();
    }

    @BeforeEach
    void empty() {
        time.set(NOW);
        jdbi.useHandle(
                handle ->
                        handle.execute(
                                "truncate catalogue.access_token, catalogue.audit_entry,"
                                        + " catalogue.idempotency_key"));
    }

    private static AccessToken token(String id, Role role, Optional<Instant> expiresAt) {
        return new AccessToken(id, id, role, NOW, expiresAt, Optional.empty());
    }

    private static TokenHash hash(String value) {
        return TokenHash.of(new Secret(value));
    }

    @Test
    void findsATokenByTheHashOfItsValueAlone() {
        AccessToken token = token("tok-1", Role.operator, Optional.of(NOW.plusSeconds(60)));
        tokens.add(token, hash("tg_value"));

        assertThat(tokens.find(hash("tg_value"))).hasValue(token);
        assertThat(tokens.find(hash("tg_other"))).isEmpty();
        assertThat(dump("access_token")).doesNotContain("tg_value");
    }

    @Test
    void writesTheLastUseOnceAMinute() {
        tokens.add(token("tok-1", Role.viewer, Optional.empty()), hash("v"));

        tokens.used(tokens.find(hash("v")).orElseThrow());
        time.set(NOW.plusSeconds(59));
        tokens.used(tokens.find(hash("v")).orElseThrow());
        Optional<Instant> early = tokens.find(hash("v")).orElseThrow().lastUsedAt();
        time.set(NOW.plusSeconds(61));
        tokens.used(tokens.find(hash("v")).orElseThrow());
        Optional<Instant> late = tokens.find(hash("v")).orElseThrow().lastUsedAt();

        assertThat(early).hasValue(NOW);
        assertThat(late).hasValue(NOW.plusSeconds(61));
    }

    @Test
    void registersAFirstTokenOnlyWhereThereIsNone() throws Exception {
        List<Boolean> added =
                together(
                        8,
                        number ->
                                tokens.addFirst(
                                        token("tok-" + number, Role.admin, Optional.empty()),
                                        hash("first-" + number)));

        assertThat(added).containsOnlyOnce(true);
        assertThat(tokens.list(10, Optional.empty())).hasSize(1);
    }

    @Test
    void twoAdminsWhoRemoveEachOtherLeaveOne() throws Exception {
        tokens.add(token("tok-0", Role.admin, Optional.empty()), hash("0"));
        tokens.add(token("tok-1", Role.admin, Optional.empty()), hash("1"));
        tokens.add(token("tok-2", Role.admin, Optional.of(NOW.minusSeconds(1))), hash("2"));
        tokens.add(token("tok-3", Role.viewer, Optional.empty()), hash("3"));

        List<Removal> removals = together(2, number -> tokens.remove("tok-" + number));

        assertThat(removals).containsExactlyInAnyOrder(Removal.Removed, Removal.LastAdmin);
        assertThat(tokens.remove("tok-3")).isEqualTo(Removal.Removed);
        assertThat(tokens.remove("tok-3")).isEqualTo(Removal.NotThere);
    }

    @Test
    void listsTokensInPages() {
        for (int i = 0; i < 5; i++) {
            tokens.add(token("tok-" + i, Role.viewer, Optional.empty()), hash("" + i));
        }

        assertThat(tokens.list(2, Optional.of("tok-1")))
                .extracting(AccessToken::id)
                .containsExactly("tok-2", "tok-3");
    }

    @Test
    void aDeedWhoseEndNobodySawSaysSo() {
        String open = audit.open(deed("instances.create", Optional.empty()));
        String closed = audit.open(deed("instances.stop", Optional.of("orders")));
        audit.close(
                closed,
                new Outcome("accepted", Optional.of("orders"), Optional.of("op-1"), "words"));

        List<AuditLog.Line> lines = audit.list(Optional.empty(), 10, Optional.empty());

        assertThat(lines).extracting(AuditLog.Line::id).containsExactly(closed, open);
        assertThat(lines.getLast().outcome().words()).isEqualTo("unfinished");
        assertThat(lines.getFirst().outcome())
                .isEqualTo(
                        new Outcome(
                                "accepted", Optional.of("orders"), Optional.of("op-1"), "words"));
        assertThat(audit.list(Optional.of("orders"), 10, Optional.empty())).hasSize(1);
        assertThat(audit.list(Optional.empty(), 10, Optional.of(closed)))
                .extracting(AuditLog.Line::id)
                .containsExactly(open);
    }

    @Test
    void whatIsOlderThanItsRetentionIsForgotten() {
        String old = audit.open(deed("instances.create", Optional.empty()));
        String fresh = audit.open(deed("instances.stop", Optional.empty()));
        jdbi.useHandle(
                handle ->
                        handle.execute(
                                "update catalogue.audit_entry set at = now() - interval '3 days'"
                                        + " where id = ?",
                                Long.parseLong(old)));

        assertThat(audit.prune(Duration.ofDays(2))).isOne();

        assertThat(audit.list(Optional.empty(), 10, Optional.empty()))
                .extracting(AuditLog.Line::id)
                .containsExactly(fresh);
    }

    private static Deed deed(String action, Optional<String> instanceId) {
        return new Deed("ci (tok-1)", "operator", action, instanceId, "192.0.2.7");
    }

    private static Answer answer(String body) {
        return new Answer(
                202,
                Optional.of("application/json"),
                Optional.of("/api/v1/operations/op-1"),
                Optional.empty(),
                Optional.of(body));
    }

    @Test
    void keepsTheAnswerForARepeat() {
        Mine mine = claimed("k");
        keys.finish(mine, answer("{\"id\":\"ö\"}"));

        assertThat(keys.claim("tok-1", "k", PRINT))
                .isEqualTo(new Answered(answer("{\"id\":\"ö\"}")));
        assertThat(keys.claim("tok-1", "k", OTHER_PRINT)).isInstanceOf(Reused.class);
        assertThat(keys.claim("tok-2", "k", OTHER_PRINT)).isInstanceOf(Mine.class);
    }

    private Mine claimed(String key) {
        Claim claim = keys.claim("tok-1", key, PRINT);
        assertThat(claim).isInstanceOf(Mine.class);
        return (Mine) claim;
    }

    @Test
    void onlyOneOfManyTwinsGetsTheKey() throws Exception {
        List<Claim> claims = together(8, _ -> keys.claim("tok-1", "k", PRINT));

        assertThat(claims).filteredOn(Mine.class::isInstance).hasSize(1);
        assertThat(claims).filteredOn(Taken.class::isInstance).hasSize(7);
    }

    @Test
    void aReleasedKeyIsFree() {
        keys.release(claimed("k"));

        claimed("k");
    }

    @Test
    void theKeyOfADeadServerPassesOnAndItsLateAnswerIsLost() {
        Mine dead = claimed("k");
        age("claimed_at", "31 seconds");
        Mine heir = claimed("k");
        keys.finish(dead, answer("late"));
        keys.release(dead);

        assertThat(keys.claim("tok-1", "k", PRINT)).isInstanceOf(Taken.class);
        keys.finish(heir, answer("heir"));
        assertThat(keys.claim("tok-1", "k", PRINT)).isEqualTo(new Answered(answer("heir")));
    }

    @Test
    void aKeyIsFreeAgainAfterADay() {
        keys.finish(claimed("k"), answer("old"));
        claimed("young");
        age("created_at", "25 hours", "k");

        assertThat(keys.claim("tok-1", "k", OTHER_PRINT)).isInstanceOf(Mine.class);
        age("created_at", "25 hours", "k");
        assertThat(keys.expire()).isEqualTo(1);
    }

    private void age(String column, String interval) {
        age(column, interval, "k");
    }

    private void age(String column, String interval, String key) {
        jdbi.useHandle(
                handle ->
                        handle.createUpdate(
                                        "update catalogue.idempotency_key set "
                                                + column
                                                + " = now() - cast(:interval as interval) where key = :key")
                                .bind("interval", interval)
                                .bind("key", key)
                                .execute());
    }

    @Test
    void takesNoRoleThatThereIsNot() {
        assertThatThrownBy(
                        () ->
                                jdbi.useHandle(
                                        handle ->
                                                handle.execute(
                                                        "insert into catalogue.access_token (id, name,"
                                                                + " role, hash) values ('x', 'x',"
                                                                + " 'root', sha256('x'))")))
                .isInstanceOf(UnableToExecuteStatementException.class);
    }

    private String dump(String table) {
        return jdbi.withHandle(
                handle ->
                        String.join(
                                "\n",
                                handle.createQuery("select t::text from catalogue." + table + " t")
                                        .mapTo(String.class)
                                        .list()));
    }

    /** What many do at the same time. */
    private interface Part<T> {
        T act(int number);
    }

    private static <T> List<T> together(int count, Part<T> part) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<T>>();
            for (int i = 0; i < count; i++) {
                int number = i;
                tasks.add(() -> part.act(number));
            }
            var results = new ArrayList<T>();
            for (var result : threads.invokeAll(tasks)) {
                results.add(result.get());
            }
            return results;
        }
    }
}
