package dev.toygres.api;

import java.util.List;
import java.util.Optional;

/**
 * One page of a list.
 *
 * @param nextCursor pass it as {@code cursor} for the next page; absent on the last one
 */
public record Page<T>(List<T> items, Optional<String> nextCursor) {
    public Page {
        items = List.copyOf(items);
    }
}
