package dev.toygres.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings that follow from the size of a member. Formulas from the manual, <a
 * href="https://www.postgresql.org/docs/15/runtime-config-resource.html">resource consumption</a>:
 * a quarter of the memory as shared buffers, the rest counted on as cache.
 */
public final class SizeSettings {
    private SizeSettings() {}

    public static Map<String, String> of(Size size) {
        int memory = size.memoryMegabytes();
        int connections = Math.clamp(memory / 10, 50, 500);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("shared_buffers", memory / 4 + "MB");
        settings.put("effective_cache_size", memory * 3 / 4 + "MB");
        settings.put("maintenance_work_mem", Math.clamp(memory / 16, 16, 2048) + "MB");
        // A quarter of the memory shared by all connections; many queries use it more than once.
        settings.put("work_mem", Math.max(1024, memory * 1024 / 4 / connections) + "kB");
        settings.put("max_connections", String.valueOf(connections));
        settings.put("wal_buffers", Math.clamp(memory / 128, 4, 16) + "MB");
        settings.put("max_wal_size", Math.clamp(memory, 512, 16 * 1024) + "MB");
        settings.put("min_wal_size", Math.clamp(memory / 8, 80, 1024) + "MB");
        settings.put("checkpoint_completion_target", "0.9");
        settings.put("random_page_cost", "1.1");
        return settings;
    }
}
