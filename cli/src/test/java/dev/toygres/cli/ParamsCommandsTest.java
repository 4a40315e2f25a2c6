package dev.toygres.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change does that nobody typed is said before it is carried out. */
class ParamsCommandsTest {
    private static final String PLAN =
            """
            {"instanceId": "db1", "steps": [], "expectedInterruptionMs": 0,
             "changes": [{"name": "work_mem", "category": "Reload", "oldValue": "9MB",
                          "newValue": "4MB", "reset": true, "effect": "reload"},
                         {"name": "lock_timeout", "category": "Reload", "oldValue": "5s",
                          "newValue": "0", "reset": true, "effect": "reload"}],
             "warnings": ["work_mem=9MB was set by hand; the profile replaces it"]}
            """;
    private static final String OPERATION =
            "{\"id\": \"op-2\", \"type\": \"SetParameters\", \"state\": \"Pending\"}";
    private static final String REVERT = "POST /api/v1/instances/db1/parameter-changes/op-1:revert";
    private static final String PROFILE = "POST /api/v1/instances/db1/parameter-profile";

    @TempDir private Path home = Path.of("");
    private final FakeServer server = new FakeServer();

    @BeforeEach
    void answers() {
        for (String call : new String[] {REVERT, PROFILE}) {
            server.on(call, 202, OPERATION).on(call + "?dryRun=true", 200, PLAN);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Toy.Result run(String... arguments) {
        return new Toy(home)
                .with("TOYGRES_SERVER", server.url())
                .with("TOYGRES_TOKEN", "tg_x")
                .run(arguments);
    }

    /** It took later changes back without a word. */
    @Test
    void aRevertShowsAllThatChangesAndThenDoesIt() {
        var result = run("params", "revert", "db1", "op-1", "--no-wait", "--on-next-restart");

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains("work_mem: 9MB -> 4MB (default)")
                .contains("lock_timeout: 5s -> 0 (default)");
        assertThat(server.calls()).containsExactly(REVERT + "?dryRun=true", REVERT);
        assertThat(server.lastBody()).contains("OnNextRestart");
    }

    @Test
    void aDryRunOfARevertDoesNothing() {
        assertThat(run("params", "revert", "db1", "op-1", "--dry-run").out())
                .contains("lock_timeout");

        assertThat(server.calls()).containsExactly(REVERT + "?dryRun=true");
    }

    /** What was set by hand went without a word. */
    @Test
    void aProfileSaysWhatItReplaces() {
        var result = run("params", "profile", "db1", "oltp", "--no-wait", "-o", "json");

        assertThat(result.err()).contains("work_mem=9MB was set by hand");
        assertThat(result.out()).startsWith("{").doesNotContain("by hand");
        assertThat(server.calls()).containsExactly(PROFILE + "?dryRun=true", PROFILE);
    }
}
