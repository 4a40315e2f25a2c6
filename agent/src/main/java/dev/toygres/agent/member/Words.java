package dev.toygres.agent.member;

import dev.toygres.agent.process.ToolFailed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a program says on the side while its output is something else. */
final class Words {
    private static final int MOST = 200;
    private static final int SHOWN = 5;

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile String last = "";
    private final Thread reader;

    Words(InputStream stream) {
        reader = Thread.ofVirtual().start(() -> read(stream));
    }

    private void read(InputStream stream) {
        try (var text = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (var line = text.readLine(); line != null; line = text.readLine()) {
                if (lines.size() < MOST) {
                    lines.add(line);
                } else {
                    last = line;
                }
            }
        } catch (IOException ended) {
            return;
        }
    }

    /** Of a program that has ended; of much the beginning and the end. */
    List<String> all() throws InterruptedException {
        reader.join();
        var all = new ArrayList<>(lines);
        if (!last.isEmpty()) {
            all.add(last);
        }
        return all;
    }

    void requireGood(Process process, String what) {
        try {
            var code = process.waitFor();
            reader.join();
            if (code != 0) {
                var last = lines.subList(Math.max(0, lines.size() - SHOWN), lines.size());
                throw new OrderFailed(what + " (code " + code + "): " + String.join("; ", last));
            }
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw new ToolFailed("interrupted");
        }
    }
}
