package dev.toygres.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How the figures of docs/benchmarks are printed. */
public final class Report {
    private Report() {}

    /** A row of a table: what, how many, least, median, most. Of an even number: the greater. */
    public static void row(String what, List<Long> figures) {
        List<Long> sorted = figures.stream().sorted().toList();
        System.out.printf(
                "| %s | %d | %d | **%d** | %d |%n",
                what, sorted.size(), sorted.getFirst(), median(sorted), sorted.getLast());
    }

    public static long median(List<Long> figures) {
        return figures.stream().sorted().toList().get(figures.size() / 2);
    }

    /** How busy the machine is, without which a time says little. */
    public static void load(String when) throws IOException {
        String words = Files.readString(Path.of("/proc/loadavg")).strip();
        System.out.println("load average " + when + ": " + words);
    }
}
