package dev.toygres.store.access;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Answers that were given already, so that a repeated request is not carried out twice. The key is
 * claimed before anything is done; the catalogue decides which of two claimants is first, so it
 * does not matter which server each of them asks.
 */
public interface IdempotencyKeys {

    /**
     * @param fingerprint of the whole request: one key stands for one request
     */
    Claim claim(String tokenId, String key, String fingerprint);

    /**
     * The request has started this operation, in the transaction that does so.
     *
     * @throws IllegalStateException when the claim has passed to another: nothing may come of it
     */
    void made(Handle handle, Mine claim, String operationId);

    /** Keeps the answer; does nothing when the claim has passed to another. */
    void finish(Mine claim, Answer answer);

    /**
     * Gives the key back: a repeat is a first try. Does nothing where an operation came of the
     * request.
     */
    void release(Mine claim);

    /** Forgets what is older than a day. */
    int expire();

    /** What the catalogue says about a key. */
    sealed interface Claim {}

    /** Nobody had it: carry the request out, then finish or release. */
    record Mine(String tokenId, String key, String claim) implements Claim {}

    /** The same request was answered. */
    record Answered(Answer answer) implements Claim {}

    /** The same request started this operation; its answer was not given, or not yet. */
    record Made(String operationId) implements Claim {}

    /** The same request is being carried out. */
    record Taken() implements Claim {}

    /** The key stands for another request. */
    record Reused() implements Claim {}

    /**
     * An answer as it was given.
     *
     * @param body absent where it held a secret
     */
    record Answer(
            int status,
            Optional<String> contentType,
            Optional<String> location,
            Optional<String> etag,
            Optional<String> body) {

        byte[] bytes() {
            return body.orElse("").getBytes(StandardCharsets.UTF_8);
        }
    }
}
