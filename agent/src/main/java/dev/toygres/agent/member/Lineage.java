package dev.toygres.agent.member;

import dev.toygres.model.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The timelines that lead to some data, oldest first, each with the position where it ends. */
record Lineage(List<Span> spans) {
    /** One timeline, up to where it was left or has got to. */
    record Span(int timeline, Lsn end) {}

    Lineage {
        spans = List.copyOf(spans);
    }

    static String fileName(int timeline) {
        return "%08X.history".formatted(timeline);
    }

    /**
     * @param history content of the timeline's history file; a first timeline has none
     */
    static Lineage of(String history, int timeline, Lsn end) {
        var spans = new ArrayList<Span>();
        for (var line : history.lines().toList()) {
            var words = line.strip().split("\\s+", -1);
            if (words.length >= 2 && !words[0].startsWith("#")) {
                spans.add(new Span(Integer.parseInt(words[0]), Lsn.parse(words[1])));
            }
        }
        spans.add(new Span(timeline, end));
        return new Lineage(spans);
    }

    Span last() {
        return spans.getLast();
    }

    /** Where a timeline begins: where the one before it ends. */
    Lsn startOf(int timeline) {
        var start = new Lsn(0);
        for (var span : spans) {
            if (span.timeline() == timeline) {
                return start;
            }
            start = span.end();
        }
        return start;
    }

    /** The last position that both have in common; empty when they never met. */
    Optional<Lsn> fork(Lineage other) {
        for (var ours : spans.reversed()) {
            for (var theirs : other.spans) {
                if (theirs.timeline() == ours.timeline()) {
                    var earlier = ours.end().compareTo(theirs.end()) <= 0;
                    return Optional.of(earlier ? ours.end() : theirs.end());
                }
            }
        }
        return Optional.empty();
    }
}
