package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.toygres.api.Backup;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** R4.12: backups in Azure Blob Storage. */
@Tag("scenario")
class AzureTest {
    private static final String COUNT = "select count(*) from rows";

    @Test
    void r4BackupsGoToABlobContainerAndComeBack() throws Exception {
        Optional<Path> program = AzureServer.program();
        assumeTrue(
                program.isPresent(),
                "azurite is not installed: npm install --prefix e2e/target/stores azurite");
        try (AzureServer azure = AzureServer.start(program.orElseThrow());
                Home home = Home.up(1)) {
            home.create("pg");
            secret(
                    home,
                    "wrong",
                    azure.connectionString(Base64.getEncoder().encodeToString(new byte[64])));
            secret(home, "azure", azure.connectionString());
            assertThat(schedule(home, azure, "azure").errors())
                    .contains("config.storage.container");
            azure.makeContainer();
            assertThat(schedule(home, azure, "wrong").errors())
                    .contains("config.storage.connectionStringRef");
            schedule(home, azure, "azure").succeeded();
            Sql.execute(home, "pg", "create table rows as select generate_series(1, 10) as id");
            home.toygres("backup", "create", "pg").succeeded();
            Sql.execute(home, "pg", "insert into rows values (11)");

            home.toygres("restore", "pg", "--to-new", "copy", "--size", "nano", "--latest")
                    .succeeded();

            assertThat(Sql.ask(home, "copy", COUNT)).isEqualTo("11");

            home.toygres("backup", "create", "pg", "--type", "logical").succeeded();
            String dump = newest(home).id();
            home.toygres("backup", "verify", dump).succeeded();
            home.toygres("restore", dump, "--to-new", "copied", "--size", "nano").succeeded();
            assertThat(Sql.ask(home, "copied", COUNT)).isEqualTo("11");
        }
    }

    private static Launcher.Outcome schedule(Home home, AzureServer azure, String secret) {
        return home.toygres(
                "backup",
                "schedule",
                "pg",
                "--container",
                AzureServer.CONTAINER,
                "--credentials",
                secret,
                "--store-ca",
                azure.authority().toString());
    }

    private static Backup newest(Home home) {
        try (ToygresClient client = home.client()) {
            return client.listBackups("pg", ListQuery.first()).items().getFirst();
        }
    }

    private static void secret(Home home, String name, String value) throws Exception {
        Path file = Files.createTempFile("toygres", ".secret");
        Files.writeString(file, value);
        home.toygres("secret", "set", name, "--file", file.toString()).succeeded();
        Files.delete(file);
    }
}
