package dev.toygres.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.client.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is not typed stays as it is: a retention that fell back would delete backups. */
class BackupScheduleTest {
    private static final String PATH = "/api/v1/instances/db1/backup-schedule";
    private static final String SCHEDULE =
            """
            {"instanceId": "db1", "fullBackupCron": "0 3 * * 6", "incrementalBackupCron": null,
             "timeZone": "Europe/Berlin", "paused": false,
             "config": {"storage": {"kind": "S3", "bucket": "b", "region": "eu", "prefix": "db1",
                                    "endpoint": "minio:9000", "credentialsRef": "key"},
                        "retention": {"dailyRetentionDays": 30, "weeklyRetentionWeeks": 5,
                                      "monthlyRetentionMonths": 6},
                        "encryption": {"keyRef": "pass"}, "compression": "Best"}}
            """;

    @TempDir private Path home = Path.of("");
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Toy.Result run(String... arguments) {
        server.on(
                "PUT " + PATH, 202, "{\"id\": \"op-1\", \"type\": \"T\", \"state\": \"Running\"}");
        var whole = new String[arguments.length + 4];
        whole[0] = "backup";
        whole[1] = "schedule";
        whole[2] = "db1";
        whole[3] = "--no-wait";
        System.arraycopy(arguments, 0, whole, 4, arguments.length);
        return new Toy(home)
                .with("TOYGRES_SERVER", server.url())
                .with("TOYGRES_TOKEN", "tg_x")
                .run(whole);
    }

    private JsonNode sent() {
        return Json.mapper().readTree(server.lastBody());
    }

    private static JsonNode asItIs() {
        var now = Json.mapper().readTree(SCHEDULE);
        var config = Json.mapper().createObjectNode();
        for (String name : new String[] {"fullBackupCron", "timeZone", "config"}) {
            config.set(name, now.get(name));
        }
        return config;
    }

    /** It was ignored, and ended with 0. */
    @Test
    void oneOptionWithoutAPlaceChangesThatOne() {
        server.on("GET " + PATH, 200, SCHEDULE);

        assertThat(run("--keep-days", "14").code()).isZero();

        assertThat(sent().at("/config/retention/dailyRetentionDays").asInt()).isEqualTo(14);
        assertThat(sent().at("/config/retention/weeklyRetentionWeeks").asInt()).isEqualTo(5);
    }

    /** The days fell back to 7, which deletes backups. */
    @Test
    void anotherTimeKeepsTheRest() {
        server.on("GET " + PATH, 200, SCHEDULE);

        run("--bucket", "b", "--full", "0 3 * * 6");

        assertThat(sent()).isEqualTo(asItIs());
    }

    @Test
    void aStoreOfAnotherKindHasNothingOfTheFormer() {
        server.on("GET " + PATH, 200, SCHEDULE);

        run("--path", "/b", "--encrypt-with", "none");

        assertThat(sent().at("/config/storage").toString())
                .isEqualTo("{\"kind\":\"Local\",\"path\":\"/b\"}");
        assertThat(sent().at("/config/encryption").isMissingNode()).isTrue();
        assertThat(sent().at("/config/retention")).isEqualTo(asItIs().at("/config/retention"));
    }

    @Test
    void theFirstTimeHasDefaults() {
        run("--path", "/b", "--keep-days", "3");

        assertThat(sent().at("/fullBackupCron").asString()).isEqualTo("0 2 * * 0");
        assertThat(sent().at("/incrementalBackupCron").asString()).isEqualTo("0 2 * * *");
        assertThat(sent().at("/config/retention").toString())
                .isEqualTo("{\"dailyRetentionDays\":3}");
    }

    @Test
    void whereThereIsNoneAPlaceIsNeeded() {
        assertThat(run("--keep-days", "14").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(server.calls()).containsExactly("GET " + PATH);
    }

    /** Drills were the same: options without --cron were ignored, others fell back with it. */
    @Test
    void aScheduleOfDrillsKeepsWhatIsNotTyped() {
        String drills = "/api/v1/instances/db1/restore-drill-schedule";
        String schedule =
                "{\"instanceId\": \"db1\", \"cron\": \"0 4 * * 6\", \"timeZone\": \"UTC\","
                        + " \"queries\": [\"select 1\"], \"maxRestoreTime\": \"PT10M\"}";
        server.on("GET " + drills, 200, schedule).on("PUT " + drills, 200, schedule);

        new Toy(home)
                .with("TOYGRES_SERVER", server.url())
                .with("TOYGRES_TOKEN", "tg_x")
                .run("drill", "schedule", "db1", "--max-data-age", "5m");

        assertThat(sent())
                .isEqualTo(
                        Json.mapper()
                                .readTree(
                                        "{\"cron\": \"0 4 * * 6\", \"timeZone\": \"UTC\", \"queries\":"
                                                + " [\"select 1\"], \"maxRestoreTime\": \"PT10M\","
                                                + " \"maxDataAge\": \"PT5M\"}"));
    }
}
