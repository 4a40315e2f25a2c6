package dev.toygres.server.fakes;

import dev.toygres.store.access.IdempotencyKeys;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Idempotency keys in memory. */
public final class FakeIdempotencyKeys implements IdempotencyKeys {
    private final Map<String, Row> rows = new HashMap<>();

    @Override
    public synchronized Claim claim(String tokenId, String key, String fingerprint) {
        Row row = rows.get(tokenId + " " + key);
        if (row == null) {
            var mine = new Mine(tokenId, key, UUID.randomUUID().toString());
            rows.put(
                    tokenId + " " + key,
                    new Row(fingerprint, mine, Optional.empty(), Optional.empty()));
            return mine;
        }
        if (!row.fingerprint().equals(fingerprint)) {
            return new Reused();
        }
        return row.answer()
                .<Claim>map(Answered::new)
                .or(() -> row.made().map(Made::new))
                .orElseGet(Taken::new);
    }

    @Override
    public void made(Handle handle, Mine claim, String operationId) {
        throw new UnsupportedOperationException("no desk of the fakes has a catalogue");
    }

    /** As the crash of a server leaves it: the operation is there, the answer was not given. */
    public synchronized void answerLost(String operationId) {
        rows.replaceAll(
                (_, row) ->
                        new Row(
                                row.fingerprint(),
                                row.mine(),
                                Optional.empty(),
                                Optional.of(operationId)));
    }

    @Override
    public synchronized void finish(Mine claim, Answer answer) {
        rows.computeIfPresent(
                claim.tokenId() + " " + claim.key(),
                (_, row) ->
                        row.mine().equals(claim)
                                ? new Row(row.fingerprint(), claim, Optional.of(answer), row.made())
                                : row);
    }

    @Override
    public synchronized void release(Mine claim) {
        rows.values().removeIf(row -> row.mine().equals(claim));
    }

    @Override
    public int expire() {
        return 0;
    }

    /** Everything that is kept, as one text to search in. */
    public synchronized String dump() {
        return rows.toString();
    }

    private record Row(
            String fingerprint, Mine mine, Optional<Answer> answer, Optional<String> made) {}
}
