package dev.toygres.cli;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.ReplicaConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A replica in one word: {@code name[:sync|:async][:zone]}. */
record ReplicaWish(String name, Optional<Mode> mode, Optional<String> zone) {

    AddReplicaRequest request() {
        if (mode.isEmpty() && zone.isEmpty()) {
            return new AddReplicaRequest(name, Optional.empty());
        }
        var config =
                new ReplicaConfig(
                        Optional.empty(),
                        Optional.empty(),
                        zone,
                        mode.map(Mode::word),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        return new AddReplicaRequest(name, Optional.of(config));
    }

    /** Reads one. */
    static final class Reader implements ITypeConverter<ReplicaWish> {
        @Override
        public ReplicaWish convert(String text) {
            List<String> parts = Arrays.asList(text.split(":", -1));
            Optional<Mode> mode = parts.size() > 1 ? mode(parts.get(1)) : Optional.empty();
            List<String> rest = parts.subList(mode.isPresent() ? 2 : 1, parts.size());
            if (rest.size() > 1 || parts.stream().anyMatch(String::isBlank)) {
                throw new TypeConversionException(
                        "'" + text + "' is no replica; write NAME[:sync|:async][:ZONE]");
            }
            return new ReplicaWish(parts.getFirst(), mode, rest.stream().findFirst());
        }

        private static Optional<Mode> mode(String word) {
            return Arrays.stream(Mode.values())
                    .filter(mode -> mode.name().equals(word))
                    .findFirst();
        }
    }
}
