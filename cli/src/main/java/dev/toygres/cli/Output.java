package dev.toygres.cli;

import dev.toygres.client.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Prints results: a table for people, or the REST record for programs. */
final class Output {
    private final Format format;
    private final Surroundings around;

    Output(Format format, Surroundings around) {
        this.format = format;
        this.around = around;
    }

    boolean forPeople() {
        return format == Format.table;
    }

    /**
     * @param record as the REST contract has it
     * @param people prints it as text
     */
    <T> void print(T record, Consumer<T> people) {
        switch (format) {
            case table -> people.accept(record);
            case json -> line(json(record));
            case yaml -> around.out().print(yaml(record));
        }
        around.out().flush();
    }

    void line(String text) {
        around.out().println(text);
    }

    /** Something on the side, which must not stand between a program and its JSON. */
    void note(String text) {
        around.err().println(text);
        around.err().flush();
    }

    static String json(Object record) {
        return Json.mapper()
                .writer()
                .with(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(record);
    }

    private static String yaml(Object record) {
        String text = new YAMLMapper().writeValueAsString(Json.mapper().valueToTree(record));
        return text.startsWith("---\n") ? text.substring(4) : text;
    }

    Instant now() {
        return around.clock().instant();
    }

    /** How long ago, in the largest unit that says enough. */
    String age(Instant then) {
        return words(Duration.between(then, around.clock().instant()));
    }

    static String words(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 2 * 3600) {
            return seconds / 60 + "m";
        }
        if (seconds < 2 * 86_400) {
            return seconds / 3600 + "h";
        }
        return seconds / 86_400 + "d";
    }

    static String bytes(long count) {
        String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
        double value = count;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? count + " B" : "%.1f %s".formatted(value, units[unit]);
    }
}
