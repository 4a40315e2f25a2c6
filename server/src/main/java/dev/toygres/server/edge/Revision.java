package dev.toygres.server.edge;

import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;

/**
 * Revisions as ETags. A change needs {@code If-Match}: the ETag that was read, or {@code *} for
 * whoever wants to overwrite whatever is there and says so.
 */
public final class Revision {
    private static final Pattern ETAG = Pattern.compile("\"([0-9]{1,18})\"");

    private Revision() {}

    public static String etag(long revision) {
        return "\"" + revision + "\"";
    }

    /**
     * Empty: any.
     *
     * @param what it is a revision of, such as "the instance"
     */
    public static Optional<Long> wanted(Optional<String> ifMatch, String what) {
        String text =
                ifMatch.orElseThrow(
                        () ->
                                new Rejection(
                                        HttpStatus.PRECONDITION_REQUIRED,
                                        "precondition-required",
                                        "send If-Match with the ETag of %s as you read it, or If-Match: * to change it whatever it is"
                                                .formatted(what)));
        if (text.strip().equals("*")) {
            return Optional.empty();
        }
        Matcher matcher = ETAG.matcher(text.strip());
        if (!matcher.matches()) {
            throw Refused.fields(
                    List.of(new FieldFault("If-Match", "must be one ETag such as \"7\", or *")));
        }
        return Optional.of(Long.valueOf(matcher.group(1)));
    }

    public static Rejection mismatch(String what) {
        return new Rejection(
                HttpStatus.PRECONDITION_FAILED,
                "changed-meanwhile",
                what + " has changed since it was read: read it again");
    }
}
