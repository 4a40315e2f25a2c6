package dev.toygres.store.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** API tokens in the catalogue. */
public final class CatalogueTokens implements Tokens {
    private static final Duration USE_IS_NEWS_AFTER = Duration.ofMinutes(1);

    private final Jdbi jdbi;
    private final InstantSource clock;

    public CatalogueTokens(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    @Override
    public Optional<AccessToken> find(TokenHash hash) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "select * from catalogue.access_token where hash = :hash")
                                .bind("hash", hash.bytes())
                                .map((row, _) -> read(row))
                                .findOne());
    }

    @Override
    public void add(AccessToken token, TokenHash hash) {
        jdbi.useHandle(handle -> insert(handle, token, hash));
    }

    @Override
    public boolean addFirst(AccessToken token, TokenHash hash) {
        return jdbi.inTransaction(
                handle -> {
                    handle.execute("lock table catalogue.access_token in share row exclusive mode");
                    boolean none =
                            handle.createQuery(
                                            "select not exists (select from catalogue.access_token)")
                                    .mapTo(boolean.class)
                                    .one();
                    if (none) {
                        insert(handle, token, hash);
                    }
                    return none;
                });
    }

    private static void insert(Handle handle, AccessToken token, TokenHash hash) {
        handle.createUpdate(
                        """
                        insert into catalogue.access_token (id, name, role, hash, created_at, expires_at)
                        values (:id, :name, :role, :hash, :createdAt, :expiresAt)
                        """)
                .bind("id", token.id())
                .bind("name", token.name())
                .bind("role", token.role().name())
                .bind("hash", hash.bytes())
                .bind("createdAt", Times.written(token.createdAt()))
                .bind("expiresAt", token.expiresAt().map(Times::written).orElse(null))
                .execute();
    }

    @Override
    public void used(AccessToken token) {
        var now = clock.instant();
        if (token.lastUsedAt().isPresent()
                && token.lastUsedAt().get().plus(USE_IS_NEWS_AFTER).isAfter(now)) {
            return;
        }
        jdbi.useHandle(
                handle ->
                        handle.createUpdate(
                                        "update catalogue.access_token set last_used_at = :now where id = :id")
                                .bind("id", token.id())
                                .bind("now", Times.written(now))
                                .execute());
    }

    @Override
    public List<AccessToken> list(int limit, Optional<String> after) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        """
                                        select * from catalogue.access_token
                                        where id > :after order by id limit :limit
                                        """)
                                .bind("after", after.orElse(""))
                                .bind("limit", limit)
                                .map((row, _) -> read(row))
                                .list());
    }

    @Override
    public Removal remove(String id) {
        return jdbi.inTransaction(
                handle -> {
                    // two removals at once must not each believe that the other one stays
                    handle.execute("lock table catalogue.access_token in share row exclusive mode");
                    boolean there =
                            handle.createQuery(
                                            "select exists (select from catalogue.access_token where id = :id)")
                                    .bind("id", id)
                                    .mapTo(boolean.class)
                                    .one();
                    if (!there) {
                        return Removal.NotThere;
                    }
                    if (!anotherAdmin(handle, id)) {
                        return Removal.LastAdmin;
                    }
                    handle.createUpdate("delete from catalogue.access_token where id = :id")
                            .bind("id", id)
                            .execute();
                    return Removal.Removed;
                });
    }

    private boolean anotherAdmin(Handle handle, String id) {
        return handle.createQuery(
                        """
                        select exists (
                            select from catalogue.access_token
                            where role = 'admin' and id <> :id
                              and (expires_at is null or expires_at > :now))
                        """)
                .bind("id", id)
                .bind("now", Times.written(clock.instant()))
                .mapTo(boolean.class)
                .one();
    }

    private static AccessToken read(ResultSet row) throws SQLException {
        return new AccessToken(
                row.getString("id"),
                row.getString("name"),
                Role.valueOf(row.getString("role")),
                Times.read(row, "created_at").orElseThrow(),
                Times.read(row, "expires_at"),
                Times.read(row, "last_used_at"));
    }
}
