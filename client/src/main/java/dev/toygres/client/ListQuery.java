package dev.toygres.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which page of a list.
 *
 * @param limit how many at most; the server has its own limit too
 * @param cursor the last page's {@code nextCursor}
 * @param filters further query parameters, such as {@code instanceId}
 */
public record ListQuery(
        Optional<Integer> limit, Optional<String> cursor, Map<String, String> filters) {
    public ListQuery {
        filters = Map.copyOf(filters);
    }

    /** The first page, as long as the server likes. */
    public static ListQuery first() {
        return new ListQuery(Optional.empty(), Optional.empty(), Map.of());
    }

    /** Pages of this length. */
    public ListQuery limit(int most) {
        return new ListQuery(Optional.of(most), cursor, filters);
    }

    /** From here on. */
    public ListQuery after(String nextCursor) {
        return new ListQuery(limit, Optional.of(nextCursor), filters);
    }

    /** Only what matches. */
    public ListQuery where(String name, String value) {
        var more = new LinkedHashMap<>(filters);
        more.put(name, value);
        return new ListQuery(limit, cursor, more);
    }

    Map<String, String> parameters() {
        var all = new LinkedHashMap<>(filters);
        limit.ifPresent(most -> all.put("limit", Integer.toString(most)));
        cursor.ifPresent(from -> all.put("cursor", from));
        return all;
    }
}
