package dev.toygres.agent.backup;

import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agentapi.BackupStore;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection string of Azure Storage in the engine's words. */
record AzureConnection(Map<String, String> options) {

    static AzureConnection parse(BackupStore.AzureBlob azure) {
        var parts = new HashMap<String, String>();
        for (var part : azure.connectionString().split(";", -1)) {
            var at = part.indexOf('=');
            if (at > 0) {
                parts.put(part.substring(0, at).strip(), part.substring(at + 1).strip());
            }
        }
        var options = new LinkedHashMap<String, String>();
        options.put("repo1-type", "azure");
        options.put("repo1-azure-container", azure.container());
        options.put("repo1-azure-account", needed(parts, "AccountName"));
        key(parts, options);
        endpoint(parts, options);
        return new AzureConnection(Map.copyOf(options));
    }

    private static void key(Map<String, String> parts, Map<String, String> options) {
        var signature = parts.get("SharedAccessSignature");
        if (signature != null) {
            options.put("repo1-azure-key-type", "sas");
            options.put("repo1-azure-key", signature.replaceFirst("^\\?", ""));
        } else {
            options.put("repo1-azure-key", needed(parts, "AccountKey"));
        }
    }

    /** An endpoint of one's own has the account in its path; the cloud has it in its host. */
    private static void endpoint(Map<String, String> parts, Map<String, String> options) {
        var given = parts.get("BlobEndpoint");
        if (given == null) {
            var suffix = parts.getOrDefault("EndpointSuffix", "core.windows.net");
            options.put("repo1-azure-endpoint", "blob." + suffix);
            return;
        }
        var uri = URI.create(given);
        if (!"https".equals(uri.getScheme())) {
            throw new OrderFailed("stores are spoken to over HTTPS only: BlobEndpoint");
        }
        if (uri.getPath() != null && uri.getPath().length() > 1) {
            options.put("repo1-azure-uri-style", "path");
        }
        options.put("repo1-storage-host", uri.getHost());
        if (uri.getPort() > 0) {
            options.put("repo1-storage-port", String.valueOf(uri.getPort()));
        }
    }

    private static String needed(Map<String, String> parts, String name) {
        @Nullable String value = parts.get(name);
        if (value == null || value.isEmpty()) {
            throw new OrderFailed("the connection string has no " + name);
        }
        return value;
    }
}
