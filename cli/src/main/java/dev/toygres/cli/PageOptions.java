package dev.toygres.cli;

import dev.toygres.api.Page;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of a list. */
final class PageOptions {
    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Only the first N; the rest with --cursor. Default: all.")
    private @Nullable Integer limit;

    @Option(
            names = "--cursor",
            paramLabel = "CURSOR",
            description = "Go on where a page ended: its nextCursor.")
    private @Nullable String cursor;

    <T> Page<T> read(Function<ListQuery, Page<T>> list) {
        return read(list, Map.of());
    }

    /** One page when a limit is given, else everything as one page. */
    <T> Page<T> read(Function<ListQuery, Page<T>> list, Map<String, String> filters) {
        var query = new ListQuery(Optional.ofNullable(limit), Optional.ofNullable(cursor), filters);
        if (limit != null) {
            return list.apply(query);
        }
        return new Page<>(ToygresClient.all(list, query).toList(), Optional.empty());
    }

    /** A limit for lists that have no natural end. */
    PageOptions atMost(int most) {
        if (limit == null) {
            limit = most;
        }
        return this;
    }
}
