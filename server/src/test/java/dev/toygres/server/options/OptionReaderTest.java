package dev.toygres.server.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.toygres.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionReaderTest {
    @TempDir private Path directory;
    private Path file;
    private Map<String, String> enough;

    @BeforeEach
    void enough() throws IOException {
        file = Files.writeString(directory.resolve("file"), "postgresql://in:file@h/d");
        enough =
                new HashMap<>(
                        Map.of(
                                "TOYGRES_DATABASE_URL",
                                        "postgresql://u:p%40ss@db:5433/cat?sslmode=require",
                                "TOYGRES_MASTER_KEY_FILE", file.toString(),
                                "TOYGRES_HOME", directory.toString()));
    }

    @Test
    void hasDefaultsForAllButTheCatalogueTheKeyAndTheHome() {
        ServerOptions options = OptionReader.read(List.of(), enough);

        assertThat(options.address().getHostAddress()).isEqualTo("127.0.0.1");
        assertThat(options.onLoopbackOnly()).isTrue();
        assertThat(options.port()).isEqualTo(8432);
        assertThat(options.addressFile()).isEmpty();
        assertThat(options.tls()).isEmpty();
        assertThat(options.adminTokenFile()).isEmpty();
        assertThat(options.grace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.auditRetention()).isEqualTo(Duration.ofDays(400));
        assertThat(options.catalogue().jdbc())
                .isEqualTo("jdbc:postgresql://db:5433/cat?sslmode=require");
        assertThat(options.catalogue().user()).hasValue("u");
        assertThat(options.catalogue().password()).hasValue(new Secret("p@ss"));
    }

    @Test
    void takesEveryKey() {
        enough.remove("TOYGRES_DATABASE_URL");
        enough.put("TOYGRES_SERVER_PORT", "1");

        ServerOptions options =
                OptionReader.read(
                        List.of(
                                "--toygres.address=0.0.0.0",
                                "--toygres.port=0",
                                "--toygres.address-file=" + directory.resolve("url"),
                                "--toygres.tls-certificate=" + file,
                                "--toygres.tls-key=" + file,
                                "--toygres.database-url-file=" + file,
                                "--toygres.master-key-file=" + file,
                                "--toygres.admin-token-file=" + file,
                                "--toygres.home=" + directory,
                                "--toygres.grace=PT3S",
                                "--toygres.audit-retention=P30D"),
                        enough);

        assertThat(options.onLoopbackOnly()).isFalse();
        assertThat(options.port()).as("an argument wins").isEqualTo(0);
        assertThat(options.addressFile()).hasValue(directory.resolve("url"));
        assertThat(options.tls()).hasValue(new ServerOptions.Tls(file, file));
        assertThat(options.catalogue().user()).hasValue("in");
        assertThat(options.masterKeyFile()).isEqualTo(file);
        assertThat(options.adminTokenFile()).hasValue(file);
        assertThat(options.home()).isEqualTo(directory);
        assertThat(options.grace()).isEqualTo(Duration.ofSeconds(3));
        assertThat(options.auditRetention()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void saysAllThatIsWrongAtOnceAndNoPassword() {
        OptionsFault fault =
                Objects.requireNonNull(
                        catchThrowableOfType(
                                OptionsFault.class,
                                () ->
                                        OptionReader.read(
                                                List.of(
                                                        "--toygres.port=99999",
                                                        "--toygres.prot=1",
                                                        "--server.port=1",
                                                        "--toygres.address=0.0.0.0",
                                                        "--toygres.database-url=x",
                                                        "--toygres.tls-key=/no/such/file"),
                                                Map.of(
                                                        "TOYGRES_DATABASE_URL", "secret-nonsense",
                                                        "TOYGRES_SERVER_PROT", "1",
                                                        "TOYGRES_TOKEN", "belongs to the CLI"))));

        assertThat(fault.faults())
                .hasSize(10)
                .anyMatch(words -> words.contains("port must be a number"))
                .anyMatch(words -> words.contains("unknown option --toygres.prot"))
                .anyMatch(words -> words.contains("unknown option --server.port"))
                .anyMatch(
                        words -> words.contains("unknown environment variable TOYGRES_SERVER_PROT"))
                .anyMatch(words -> words.contains("not taken as an argument"))
                .anyMatch(words -> words.contains("cannot read /no/such/file"))
                .anyMatch(words -> words.contains("go together"))
                .anyMatch(words -> words.contains("database-url must look like"))
                .anyMatch(words -> words.contains("master-key-file is missing"))
                .anyMatch(words -> words.contains("home is missing"))
                .noneMatch(words -> words.contains("secret-nonsense"));
    }

    @Test
    void wantsHttpsWhereOthersCanReachIt() {
        OptionsFault fault =
                Objects.requireNonNull(
                        catchThrowableOfType(
                                OptionsFault.class,
                                () ->
                                        OptionReader.read(
                                                List.of("--toygres.address=0.0.0.0"), enough)));

        assertThat(fault.faults()).singleElement().asString().contains("HTTPS is a must");
    }
}
