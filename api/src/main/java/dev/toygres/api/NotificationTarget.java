package dev.toygres.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who is told of alerts. What its kind has no use for is absent; what only an answer holds may be
 * sent back and is not looked at.
 *
 * @param kind Log: the log of the server; Webhook: a signed HTTP POST as Standard Webhooks has it;
 *     Smtp: mail
 * @param minimumSeverity Info (default), Warning or Critical: what matters less is not told
 * @param url of a Webhook, http or https. Its path may be a secret: answers show *** in its place,
 *     and what is sent back so stays as it is
 * @param secret of a Webhook: the key of its signatures, at least 16 characters, or whsec_ and
 *     base64. Never shown; absent: as it is
 * @param hasSecret only in answers: whether a secret or password is kept
 * @param host of Smtp
 * @param port of Smtp; default: 587, 465 with Tls, 25 with None
 * @param security of Smtp: StartTls (default), Tls, or None, which is refused with a username
 * @param username of Smtp; absent: without login
 * @param password of Smtp. Never shown; absent: as it is, while host, port, security and username
 *     stay the same
 * @param from of Smtp: who it is from
 * @param to of Smtp: who gets it
 * @param failures only in answers: attempts in a row that failed
 * @param lastError only in answers: what the last of them said
 * @param lastDeliveredAt only in answers
 */
public record NotificationTarget(
        String name,
        String kind,
        Optional<String> minimumSeverity,
        Optional<String> url,
        Optional<String> secret,
        Optional<Boolean> hasSecret,
        Optional<String> host,
        Optional<Integer> port,
        Optional<String> security,
        Optional<String> username,
        Optional<String> password,
        Optional<String> from,
        Optional<List<String>> to,
        Optional<Integer> failures,
        Optional<String> lastError,
        Optional<Instant> lastDeliveredAt) {

    /** Without what is secret: safe to log. */
    @Override
    public String toString() {
        return "NotificationTarget[" + kind + " " + name + "]";
    }
}
