package dev.toygres.server.edge;

import dev.toygres.api.Page;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Lists come in pages. A cursor names the last item of a page, so nothing is skipped or seen twice
 * when the list changes in between.
 */
public record Paging(int limit, Optional<String> after) {
    private static final int USUAL = 50;
    private static final int LARGEST = 500;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /** Of a list in the order of names. */
    public static Paging of(Optional<Integer> limit, Optional<String> cursor) {
        return of(limit, cursor, _ -> true);
    }

    /** Of a list in the order of numbers. */
    public static Paging byNumber(Optional<Integer> limit, Optional<String> cursor) {
        return of(limit, cursor, id -> NUMBER.matcher(id).matches());
    }

    private static Paging of(
            Optional<Integer> limit, Optional<String> cursor, Function<String, Boolean> fits) {
        var faults = new ArrayList<FieldFault>();
        int most = limit.orElse(USUAL);
        if (most < 1 || most > LARGEST) {
            faults.add(new FieldFault("limit", "must be from 1 to " + LARGEST));
        }
        Optional<String> after = cursor.flatMap(Paging::decoded);
        if (cursor.isPresent() && (after.isEmpty() || !fits.apply(after.get()))) {
            faults.add(new FieldFault("cursor", "is none: pass the nextCursor of a page as it is"));
        }
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        return new Paging(most, after);
    }

    /** Ask for this many: one more than the page shows whether there is another one. */
    public int fetch() {
        return limit + 1;
    }

    public <S, T> Page<T> page(List<S> fetched, Function<S, String> id, Function<S, T> shown) {
        List<S> items = fetched.subList(0, Math.min(limit, fetched.size()));
        Optional<String> next =
                fetched.size() > limit
                        ? Optional.of(encoded(id.apply(items.getLast())))
                        : Optional.empty();
        return new Page<>(items.stream().map(shown).toList(), next);
    }

    private static String encoded(String id) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(id.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> decoded(String cursor) {
        try {
            String id = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            // Postgres takes no zero byte in a text
            return id.isEmpty() || id.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(id);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
