package dev.toygres.store.access;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Idempotency keys in the catalogue. */
public final class CatalogueIdempotencyKeys implements IdempotencyKeys {
    private final Jdbi jdbi;

    public CatalogueIdempotencyKeys(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Claim claim(String tokenId, String key, String fingerprint) {
        byte[] print = HexFormat.of().parseHex(fingerprint);
        UUID claim = UUID.randomUUID();
        return jdbi.inTransaction(
                handle ->
                        claimed(handle, tokenId, key, print, claim)
                                ? new Mine(tokenId, key, claim.toString())
                                : look(handle, tokenId, key, print));
    }

    /**
     * A key is free when nobody has it, when its day is over, or when whoever claimed it for the
     * same request has been silent for longer than any request lasts: its server is dead.
     */
    private static boolean claimed(
            Handle handle, String tokenId, String key, byte[] print, UUID claim) {
        return handle.createUpdate(
                                """
                                insert into catalogue.idempotency_key as k (token_id, key, fingerprint, claim)
                                values (:tokenId, :key, :print, :claim)
                                on conflict (token_id, key) do update
                                set fingerprint = excluded.fingerprint, claim = excluded.claim,
                                    claimed_at = now(), created_at = now(), status = null,
                                    content_type = null, location = null, etag = null, body = null,
                                    operation_id = null
                                where k.created_at < now() - interval '24 hours'
                                   or (k.status is null and k.operation_id is null
                                       and k.fingerprint = excluded.fingerprint
                                       and k.claimed_at < now() - interval '30 seconds')
                                """)
                        .bind("tokenId", tokenId)
                        .bind("key", key)
                        .bind("print", print)
                        .bind("claim", claim)
                        .execute()
                == 1;
    }

    private static Claim look(Handle handle, String tokenId, String key, byte[] print) {
        // gone between the two statements: released just now, so the caller asks again
        return handle.createQuery(
                        "select * from catalogue.idempotency_key where token_id = :tokenId and key = :key")
                .bind("tokenId", tokenId)
                .bind("key", key)
                .map((row, _) -> read(row, print))
                .findOne()
                .orElseGet(Taken::new);
    }

    private static Claim read(ResultSet row, byte[] print) throws SQLException {
        if (!Arrays.equals(row.getBytes("fingerprint"), print)) {
            return new Reused();
        }
        int status = row.getInt("status");
        if (row.wasNull()) {
            String operation = row.getString("operation_id");
            return operation == null ? new Taken() : new Made(operation);
        }
        return new Answered(
                new Answer(
                        status,
                        Optional.ofNullable(row.getString("content_type")),
                        Optional.ofNullable(row.getString("location")),
                        Optional.ofNullable(row.getString("etag")),
                        Optional.ofNullable(row.getBytes("body"))
                                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))));
    }

    @Override
    public void made(Handle handle, Mine claim, String operationId) {
        int marked =
                handle.createUpdate(
                                """
                                update catalogue.idempotency_key
                                set operation_id = coalesce(operation_id, :operationId)
                                where token_id = :tokenId and key = :key and claim = :claim
                                """)
                        .bind("tokenId", claim.tokenId())
                        .bind("key", claim.key())
                        .bind("claim", UUID.fromString(claim.claim()))
                        .bind("operationId", operationId)
                        .execute();
        if (marked != 1) {
            throw new IllegalStateException(
                    "this request took so long that another has taken its Idempotency-Key over");
        }
    }

    @Override
    public void finish(Mine claim, Answer answer) {
        jdbi.useHandle(
                handle ->
                        handle.createUpdate(
                                        """
                                        update catalogue.idempotency_key
                                        set status = :status, content_type = :contentType,
                                            location = :location, etag = :etag, body = :body
                                        where token_id = :tokenId and key = :key and claim = :claim
                                        """)
                                .bind("tokenId", claim.tokenId())
                                .bind("key", claim.key())
                                .bind("claim", UUID.fromString(claim.claim()))
                                .bind("status", answer.status())
                                .bind("contentType", answer.contentType().orElse(null))
                                .bind("location", answer.location().orElse(null))
                                .bind("etag", answer.etag().orElse(null))
                                .bind("body", answer.body().isEmpty() ? null : answer.bytes())
                                .execute());
    }

    @Override
    public void release(Mine claim) {
        jdbi.useHandle(
                handle ->
                        handle.createUpdate(
                                        """
                                        delete from catalogue.idempotency_key
                                        where token_id = :tokenId and key = :key and claim = :claim
                                            and operation_id is null
                                        """)
                                .bind("tokenId", claim.tokenId())
                                .bind("key", claim.key())
                                .bind("claim", UUID.fromString(claim.claim()))
                                .execute());
    }

    @Override
    public int expire() {
        return jdbi.withHandle(
                handle ->
                        handle.execute(
                                "delete from catalogue.idempotency_key"
                                        + " where created_at < now() - interval '24 hours'"));
    }
}
