package dev.toygres.cli;

import dev.toygres.api.Page;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of a list. */
final class PageOptions {
    private static final int NEWEST = 50;

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

    /** One of a history, or the newest of it: it has no natural end. */
    <T> void show(
            Output output,
            Optional<String> one,
            Function<String, T> get,
            Function<ListQuery, Page<T>> list,
            Consumer<T> whole,
            Consumer<List<T>> table) {
        if (one.isPresent()) {
            output.print(get.apply(one.get()), whole);
        } else {
            output.print(atMost(NEWEST).<T>read(list), page -> table.accept(page.items()));
        }
    }

    /** A limit for lists that have no natural end. */
    PageOptions atMost(int most) {
        if (limit == null) {
            limit = most;
        }
        return this;
    }
}
