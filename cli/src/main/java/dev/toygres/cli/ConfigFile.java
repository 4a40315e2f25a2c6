package dev.toygres.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * How to reach a server, from {@code config.yaml}. Its keys: server, token, ca; and servers when
 * there are several of them.
 */
record ConfigFile(List<String> servers, Optional<String> token, Optional<String> authority) {
    static final ConfigFile EMPTY = new ConfigFile(List.of(), Optional.empty(), Optional.empty());

    static ConfigFile read(Path file) {
        try {
            JsonNode tree = new YAMLMapper().readTree(file);
            var servers = new ArrayList<String>();
            text(tree, "server").ifPresent(servers::add);
            for (JsonNode further : tree.path("servers")) {
                if (!servers.contains(further.asString(""))) {
                    servers.add(further.asString(""));
                }
            }
            return new ConfigFile(servers, text(tree, "token"), text(tree, "ca"));
        } catch (JacksonException e) {
            throw new CommandFailed(
                    ExitCode.FAILED, file + " cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private static Optional<String> text(JsonNode tree, String key) {
        return Optional.of(tree.path(key).asString("")).filter(value -> !value.isBlank());
    }
}
