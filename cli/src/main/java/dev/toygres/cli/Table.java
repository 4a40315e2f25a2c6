package dev.toygres.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns as wide as they need to be, for reading and for {@code awk}. */
final class Table {
    private static final String GAP = "   ";
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... head) {
        rows.add(List.of(head));
    }

    /** Facts one below the other. */
    static Table facts() {
        return new Table();
    }

    Table row(Object... cells) {
        rows.add(
                Arrays.stream(cells)
                        .map(Table::text)
                        .map(cell -> cell.isEmpty() ? "-" : cell)
                        .toList());
        return this;
    }

    private static String text(Object cell) {
        return cell instanceof Duration time ? Durations.text(time) : String.valueOf(cell);
    }

    void print(Output output) {
        int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
        for (var row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (var row : rows) {
            if (!row.isEmpty()) {
                output.line(line(row, widths));
            }
        }
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            line.append(row.get(i));
            if (i < row.size() - 1) {
                line.append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
            }
        }
        return line.toString().stripTrailing();
    }
}
