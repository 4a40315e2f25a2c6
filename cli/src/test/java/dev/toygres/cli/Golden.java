package dev.toygres.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Text that is looked at when it changes. {@code -Dgolden.update=true} writes it anew; the
 * difference is then seen in review.
 */
final class Golden {
    private Golden() {}

    static void check(String name, String text) throws IOException {
        var file = Path.of("src/test/resources/golden", name);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, text);
        }
        assertThat(text).isEqualTo(Files.readString(file));
    }
}
