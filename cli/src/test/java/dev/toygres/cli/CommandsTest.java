package dev.toygres.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.client.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandsTest {
    private static final String INSTANCE =
            """
            {"id": "db1", "state": "Running", "health": "Healthy", "postgresVersion": "15",
             "size": "small", "term": 1, "primary": "db1-m1", "host": "host-1", "region": "local",
             "availabilityZone": "local-a", "replicas": [], "durability": "strict", "readOnlyFallback": true,
             "isolationPolicy": "Fence", "electorate": [], "ifServersDied": "the primary goes on",
             "endpoints": {"readWrite": {"host": "127.0.0.1", "port": 5001},
                           "readOnly": {"host": "127.0.0.1", "port": 5002},
                           "pooled": {"host": "127.0.0.1", "port": 5003}},
             "owner": "app", "database": "app", "deletionProtection": false,
             "createdAt": "2026-01-01T00:00:00Z", "members": []}
            """;
    private static final String OPERATION =
            """
            {"id": "op-1", "type": "CreateInstance", "instanceId": "db1", "state": "STATE",
             "createdAt": "2026-01-01T00:00:00Z", "progress": 0.5, "currentStep": "initdb",
             "result": {"instanceId": "db1"}, "question": {}, "cancellable": true}
            """;
    private static final String CREDENTIALS =
            """
            {"username": "app", "password": "s3cret", "database": "app",
             "connectionString": "postgresql://app:s3cret@127.0.0.1:5001/app?sslmode=require",
             "pooledConnectionString": "postgresql://app:s3cret@127.0.0.1:5003/app",
             "caCertificate": "PEM"}
            """;

    @TempDir private Path home = Path.of("");
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Toy toy() {
        return new Toy(home)
                .with("TOYGRES_SERVER", server.url())
                .with("TOYGRES_TOKEN", "tg_x")
                .with("TOYGRES_HOME", home.resolve("none").toString());
    }

    private static String operation(String state) {
        return OPERATION.replace("STATE", state);
    }

    @Test
    void listsForPeopleAndPrograms() throws IOException {
        server.on("GET /api/v1/instances", 200, "{\"items\": [" + INSTANCE + "]}");

        Golden.check("list.txt", toy().run("list").out());
        Golden.check("list.json", toy().run("list", "-o", "json").out());
        Golden.check("list.yaml", toy().run("-o", "yaml", "list").out());
        assertThat(server.tokens()).containsOnly("Bearer tg_x");
    }

    @Test
    void jsonIsTheRecordOfTheServer() {
        server.on("GET /api/v1/instances/db1", 200, INSTANCE);

        var printed = Json.mapper().readTree(toy().run("get", "db1", "-o", "json").out());

        assertThat(printed).isEqualTo(Json.mapper().readTree(INSTANCE));
    }

    @Test
    void anEmptyListSaysWhatToDo() {
        server.on("GET /api/v1/instances", 200, "{\"items\": []}");

        assertThat(toy().run("list").out()).contains("toygres create ID");
        assertThat(Json.mapper().readTree(toy().run("list", "-o", "json").out()))
                .isEqualTo(Json.mapper().readTree("{\"items\": []}"));
    }

    /** "Take one" was refused: they were not set up. */
    @Test
    void noBackupsYetNamesTheFirstStep() {
        server.on("GET /api/v1/instances/db1/backups", 200, "{\"items\": []}");

        assertThat(toy().run("backup", "list", "db1").out())
                .contains("toygres backup schedule db1")
                .doesNotContain("backup create");
    }

    @Test
    void backupsOfAFormerInstanceAreMarked() {
        String backup =
                """
                {"id": "db1-1", "instanceId": "db1", "backupType": {"kind": "Full"},
                 "state": "Available", "cause": "manual", "startedAt": "2026-01-01T00:00:00Z",
                 "pinned": false, "formerInstance": {"deletedAt": "2026-01-02T00:00:00Z"}}
                """;
        server.on("GET /api/v1/instances/db1/backups", 200, "{\"items\": [" + backup + "]}");

        assertThat(toy().run("backup", "list", "db1").out())
                .contains("a former db1, deleted at 2026-01-02T00:00:00Z");
    }

    @Test
    void createShowsStepsOnTheSideAndTheResult() throws IOException {
        server.on("POST /api/v1/instances", 202, operation("Running"))
                .on("GET /api/v1/operations/op-1", 200, operation("Succeeded"));

        var result = toy().run("create", "db1", "--size", "nano", "--idempotency-key", "k");

        assertThat(result.code()).isZero();
        assertThat(server.keys()).contains("k");
        assertThat(Json.mapper().readTree(server.bodies().getFirst()))
                .isEqualTo(Json.mapper().valueToTree(Map.of("id", "db1", "size", "nano")));
        Golden.check("create.out.txt", result.out());
        Golden.check("create.err.txt", result.err());
    }

    @Test
    void aTerminalHasOneLiveLine() {
        server.on("POST /api/v1/instances/db1:restart", 202, operation("Running"))
                .on("GET /api/v1/operations/op-1", 200, operation("Succeeded"));

        var result = toy().onTerminal().run("restart", "db1");

        assertThat(result.err())
                .contains("\r\u001b[K[############............] CreateInstance Running: initdb")
                .endsWith("\r\u001b[K")
                .doesNotContain("\n");
        assertThat(result.out()).isEqualTo("db1 has been restarted.\n");
    }

    @Test
    void noWaitReturnsTheAcceptedOperation() {
        server.on("DELETE /api/v1/instances/db1", 202, operation("Pending"));

        var result = toy().run("delete", "db1", "--no-wait", "-o", "json");

        assertThat(result.code()).isZero();
        assertThat(Json.mapper().readTree(result.out()))
                .isEqualTo(Json.mapper().readTree(operation("Pending")));
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid-request, 2",
        "401, unauthorized, 4",
        "403, forbidden, 4",
        "404, instance-not-found, 3",
        "409, instance-busy, 4",
        "429, too-many, 4",
        "500, internal, 1"
    })
    void exitCodesTellRefusalsApart(int status, String code, int exit) {
        server.on(
                "POST /api/v1/instances/db1:stop",
                status,
                "{\"status\": %d, \"title\": \"T\", \"detail\": \"no, since\", \"code\": \"%s\"}"
                        .formatted(status, code));

        var result = toy().run("stop", "db1");

        assertThat(result.code()).isEqualTo(exit);
        assertThat(result.err()).startsWith("toygres: no, since");
        var json = toy().run("stop", "db1", "-o", "json");
        assertThat(Json.mapper().readTree(json.err()).path("code").asString("")).isEqualTo(code);
    }

    @Test
    void aFailedOperationEndsWithOneAndSaysHowToGoOn() {
        server.on("POST /api/v1/instances/db1:stop", 202, operation("Running"))
                .on("GET /api/v1/operations/op-1", 200, operation("Failed"));

        var result = toy().run("stop", "db1");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("toygres operation retry op-1");
    }

    @Test
    void patienceOfTheUserEndsWithFive() {
        server.on("POST /api/v1/instances/db1:stop", 202, operation("Running"))
                .on("GET /api/v1/operations/op-1", 200, operation("Running"));

        var result = toy().run("stop", "db1", "--timeout", "300ms");

        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err()).contains("toygres operation watch op-1");
    }

    @Test
    void faultyFieldsAreNamedAsTheUserTypedThem() {
        server.on(
                "POST /api/v1/instances",
                400,
                """
                {"status": 400, "title": "Bad", "detail": "", "code": "invalid-request",
                 "errors": [{"field": "id", "message": "is too long"},
                            {"field": "postgresVersion", "message": "is not there"}]}
                """);

        var result = toy().run("create", "db1", "--postgres-version", "99");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo("toygres: ID: is too long\ntoygres: --postgres-version: is not there\n");
    }

    @Test
    void aTypingErrorGetsASuggestion() {
        var result = toy().run("lits");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("lits").contains("Did you mean: toygres list");
    }

    @Test
    void aServerThatIsAwayIsSaidToBeSo() {
        var result = new Toy(home).with("TOYGRES_SERVER", "http://127.0.0.1:1").run("list");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("no answer from http://127.0.0.1:1", "toygres up");
    }

    @Test
    void whereToFindTheServerComesFromTheHome() throws IOException {
        server.on("GET /api/v1/instances", 200, "{\"items\": []}");
        Files.writeString(
                home.resolve("config.yaml"),
                "server: " + server.url() + "\ntoken: tg_file\nca: \"\"\n");

        var result = new Toy(home).run("list", "--home", home.toString());

        assertThat(result.code()).isZero();
        assertThat(server.tokens()).containsOnly("Bearer tg_file");
    }

    @Test
    void withoutAnyServerItSaysHowToGetOne() {
        var result = new Toy(home).run("list");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("toygres up");
    }

    @Test
    void connectKeepsThePasswordToItself() throws IOException {
        server.on("GET /api/v1/instances/db1/credentials", 200, CREDENTIALS)
                .on(
                        "GET /api/v1/instances/db1",
                        200,
                        """
                        {"id": "db1", "createdAt": "2026-01-01T00:00:00Z",
                         "endpoints": {"readWrite": {"host": "127.0.0.1", "port": 5001},
                                       "readOnly": {"host": "127.0.0.1", "port": 5002},
                                       "pooled": {"host": "127.0.0.1", "port": 5003}},
                         "members": [
                            {"id": "db1-m1", "role": "primary", "host": "127.0.0.1", "port": 5431},
                            {"id": "db1-r1", "role": "replica", "host": "127.0.0.2", "port": 5432}]}
                        """);

        var hidden = toy().run("connect", "db1");

        assertThat(hidden.out()).doesNotContain("s3cret");
        Golden.check("connect.txt", hidden.out().replace(home.toString(), "HOME"));
        assertThat(toy().run("connect", "db1", "-o", "json").out()).doesNotContain("s3cret");
        assertThat(toy().run("connect", "db1", "--show-password").out()).contains("s3cret");
    }

    @Test
    void psqlGetsThePasswordWhereNobodySeesIt() throws IOException {
        server.on("GET /api/v1/instances/db1", 200, INSTANCE);
        server.on("GET /api/v1/instances/db1/credentials", 200, CREDENTIALS);
        var psql = home.resolve("psql");
        var seen = home.resolve("seen");
        Files.writeString(
                psql,
                "#!/bin/sh\necho \"$* $PGHOST $PGPORT $PGUSER $PGDATABASE $PGSSLMODE $PGPASSWORD\""
                        + " > "
                        + seen
                        + "\nexit 7\n");
        Files.setPosixFilePermissions(psql, PosixFilePermissions.fromString("rwxr-xr-x"));

        int code =
                toy().with("PSQL", psql.toString())
                        .run("psql", "db1", "--", "-c", "SELECT 1")
                        .code();

        assertThat(code).isEqualTo(7);
        assertThat(Files.readString(seen))
                .isEqualTo("-c SELECT 1 127.0.0.1 5001 app app verify-full s3cret\n");
    }

    /** "-c" was an unknown option. */
    @ParameterizedTest
    @CsvSource({
        "-c|SELECT 1",
        "-Atc|SELECT 1",
        "--command=SELECT 1",
        "-v|x=1|-c|SELECT 1",
        "-f|a.sql"
    })
    void optionsThatAreNotOursGoToPsql(String arguments) throws IOException {
        server.on("GET /api/v1/instances/db1", 200, INSTANCE);
        server.on("GET /api/v1/instances/db1/credentials", 200, CREDENTIALS);
        var seen = home.resolve("seen");
        var psql = home.resolve("psql");
        Files.writeString(psql, "#!/bin/sh\necho \"$*\" > " + seen + "\n");
        Files.setPosixFilePermissions(psql, PosixFilePermissions.fromString("rwxr-xr-x"));
        var line = new ArrayList<>(List.of("psql", "db1"));
        line.addAll(List.of(arguments.split("\\|", -1)));
        line.addAll(List.of("--server", server.url()));

        var result = toy().with("PSQL", psql.toString()).run(line.toArray(String[]::new));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(Files.readString(seen)).isEqualTo(arguments.replace('|', ' ') + "\n");
    }

    /** It waited for half a minute, and then showed what Postgres made of it. */
    @Test
    void psqlOnAStoppedInstanceSaysSoAtOnce() {
        server.on("GET /api/v1/instances/db1", 200, INSTANCE.replace("\"Running\"", "\"Stopped\""));

        var result = toy().with("PSQL", "/bin/false").run("psql", "db1");

        assertThat(result.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(result.err()).contains("db1 is Stopped: toygres start db1");
    }

    /** It ended with 0, and nobody was told. */
    @Test
    void aCreationWithoutOneOfItsReplicasIsNotWell() {
        String ended =
                operation("Succeeded")
                        .replace("\"result\": {", "\"result\": {\"brokenReplicas\": [\"db1-m2\"],");
        server.on("POST /api/v1/instances", 202, ended)
                .on("GET /api/v1/operations/op-1", 200, ended);

        var result = toy().run("create", "db1", "--replicas", "1");

        assertThat(result.code()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("without db1-m2");
    }

    @Test
    void aTokenIsPrintedAlone() {
        server.on(
                "POST /api/v1/tokens",
                201,
                "{\"id\": \"tok-1\", \"name\": \"ci\", \"role\": \"viewer\","
                        + " \"createdAt\": \"2026-01-01T00:00:00Z\", \"value\": \"tg_v\"}");

        var result = toy().run("token", "create", "ci", "--role", "viewer", "--expires-in", "2h");

        assertThat(result.out()).isEqualTo("tg_v\n");
        assertThat(server.lastBody()).contains("2026-01-01T03:00:00Z");
    }

    @Test
    void statusOfNothingIsNotUp() {
        var result = toy().run("status");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("toygres up");
    }

    @Test
    void downOfNothingIsDown() {
        assertThat(toy().run("down").code()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"--hosts, 0", "--hosts, -1", "--hosts, 255", "--servers, 0", "--servers, 33"})
    void upRefusesNumbersThatMeanNothing(String option, String number) {
        var said = toy().run("up", option, number);

        assertThat(said.code()).isEqualTo(ExitCode.USAGE);
        assertThat(said.err()).contains(option + ": must be from 1 to");
        assertThat(home.resolve("none")).doesNotExist();
    }

    @Test
    void aServerThatIsNoUrlIsToldInWords() {
        var said = toy().run("list", "--server", "nonsense");

        assertThat(said.code()).isEqualTo(ExitCode.USAGE);
        assertThat(said.err()).contains("nonsense").doesNotContain("Exception");
    }

    /** It was told as --token, which is another one. */
    @Test
    void aUsedJoinTokenIsNotBlamedOnTheApiToken() {
        server.on(
                "POST /api/v1/instances",
                400,
                """
                {"type": "about:blank", "title": "Bad Request", "status": 400, "code": "invalid",
                 "detail": "no", "errors": [{"field": "token", "message": "is used"}]}
                """);

        assertThat(toy().run("create", "db1").err())
                .contains("toygres: token: is used")
                .doesNotContain("--token");
    }

    /** It said "no server is known" and failed. */
    @Test
    void aHostOfAServerElsewhereHasAStatus() throws IOException {
        Files.writeString(home.resolve("house.json"), "{\"servers\": [], \"hosts\": []}");

        assertThat(toy().run("status", "--home", home.toString()).code()).isZero();
    }

    /** An empty list was the answer about an instance that never was. */
    @Test
    void listsOfAnInstanceThatNeverWasAreNotFound() {
        String none = "{\"items\": []}";
        server.on("GET /api/v1/alerts", 200, none).on("GET /api/v1/operations", 200, none);

        assertThat(toy().run("alerts", "nosuch").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(toy().run("operation", "list", "--instance", "nosuch").code())
                .isEqualTo(ExitCode.NOT_FOUND);

        server.on("GET /api/v1/operations", 200, "{\"items\": [" + operation("Succeeded") + "]}");
        assertThat(toy().run("alerts", "gone").code()).isZero();
    }

    /** They were left for ever. */
    @Test
    void whatVouchesForAnInstanceGoesWithIt() throws IOException {
        server.on("GET /api/v1/instances/db1", 200, INSTANCE)
                .on("GET /api/v1/instances/db1/credentials", 200, CREDENTIALS)
                .on("DELETE /api/v1/instances/db1", 202, operation("Succeeded"))
                .on("GET /api/v1/operations/op-1", 200, operation("Succeeded"));
        toy().run("connect", "db1");
        var kept = home.resolve(".config/toygres/ca");
        assertThat(kept).isNotEmptyDirectory();

        assertThat(toy().run("delete", "db1").code()).isZero();

        assertThat(kept).isEmptyDirectory();
    }

    /** It said to set deletionProtection to false, which nobody can type. */
    @Test
    void aRefusalSpeaksOfOptions() {
        server.on("GET /api/v1/instances/db1", 200, INSTANCE)
                .on(
                        "DELETE /api/v1/instances/db1",
                        409,
                        "{\"status\": 409, \"title\": \"T\", \"code\": \"protected\", \"detail\":"
                                + " \"db1 is protected: set deletionProtection to false first\"}");

        assertThat(toy().run("delete", "db1").err()).contains("--no-deletion-protection");
    }

    @Test
    void aNumberThatIsNoneIsNotSaidToBeNoInt() {
        var said = toy().run("backup", "schedule", "db1", "--keep-days", "many");

        assertThat(said.code()).isEqualTo(ExitCode.USAGE);
        assertThat(said.err()).contains("must be a whole number, is 'many'");
    }

    /** It said "Text 'yesterday' could not be parsed at index 0". */
    @Test
    void aTimeThatIsNoneIsAnsweredWithTheForms() {
        var said = toy().run("restore", "db1", "--to-new", "x", "--at", "yesterday");

        assertThat(said.code()).isEqualTo(ExitCode.USAGE);
        assertThat(said.err()).contains("2026-11-29 16:18:20").doesNotContain("index");
    }
}
