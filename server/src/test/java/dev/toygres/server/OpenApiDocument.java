package dev.toygres.server;

import dev.toygres.server.edge.Call;
import dev.toygres.server.edge.Calls;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Completes what springdoc reads off the controllers with what stands elsewhere: roles and
 * summaries in {@link Calls}, words in the javadoc of the records, values in the enums, error codes
 * in the sources.
 */
final class OpenApiDocument {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Path RECORDS = Path.of("../api/src/main/java/dev/toygres/api");
    private static final Pattern JAVADOC = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
    private static final Pattern PARAM =
            Pattern.compile("@param (\\w+) (.*?)(?=@param|@return|\\z)", Pattern.DOTALL);
    private static final List<Pattern> CODES =
            List.of(
                    Pattern.compile("HttpStatus\\.[A-Z_]+,\\s*\"([a-z-]+)\""),
                    Pattern.compile("Refused\\.conflict\\(\\s*\"([a-z-]+)\""),
                    Pattern.compile("Kind\\.\\w+,\\s*\"([a-z-]+)\""),
                    Pattern.compile("-> \"([a-z]+-[a-z-]+)\""));
    private static final Pattern NOT_FOUND = Pattern.compile("notFound\\(\\s*\"(\\w+)\"");

    /** Fields whose values are the names of an enum, though the record says string. */
    private static final Map<String, List<String>> VALUES =
            Map.ofEntries(
                    of("Instance.state", dev.toygres.model.InstanceState.values()),
                    of("Instance.health", dev.toygres.model.Health.values()),
                    of("Instance.size", dev.toygres.model.Size.values()),
                    of("Instance.durability", dev.toygres.model.Durability.values()),
                    of("CreateInstanceRequest.size", dev.toygres.model.Size.values()),
                    of("CreateInstanceRequest.durability", dev.toygres.model.Durability.values()),
                    of("CreateTokenRequest.role", dev.toygres.store.access.Role.values()),
                    of("Token.role", dev.toygres.store.access.Role.values()),
                    Map.entry("Host.state", List.of("Up", "Unreachable", "Joining")),
                    of("Replica.state", dev.toygres.model.ReplicaState.values()),
                    of("Replica.replicationMode", dev.toygres.model.ReplicationMode.values()),
                    of("Replica.size", dev.toygres.model.Size.values()),
                    of("ReplicaConfig.replicationMode", dev.toygres.model.ReplicationMode.values()),
                    of("ReplicaConfig.size", dev.toygres.model.Size.values()),
                    of(
                            "FailoverOptions.oldPrimaryAction",
                            dev.toygres.model.OldPrimaryAction.values()),
                    of("ApplyMode.kind", dev.toygres.model.parameter.ApplyMode.values()),
                    of("ParameterProfile.kind", dev.toygres.model.parameter.Profile.values()),
                    of(
                            "ParameterDefinition.category",
                            dev.toygres.model.parameter.ParameterCategory.values()),
                    of(
                            "ParameterDefinition.dataType",
                            dev.toygres.model.parameter.ParameterType.values()),
                    of("ParameterChange.state", dev.toygres.model.parameter.ChangeState.values()),
                    Map.entry("SetParametersRequest.drift", List.of("Adopt", "Revert")),
                    of("FailoverStatus.state", dev.toygres.model.FailoverState.values()),
                    of("Alert.severity", dev.toygres.model.AlertSeverity.values()),
                    of("Alert.kind", dev.toygres.model.AlertKind.values()),
                    of("Alert.state", dev.toygres.store.AlertStore.State.values()),
                    Map.entry("NotificationTarget.kind", List.of("Log", "Webhook", "Smtp")),
                    of(
                            "NotificationTarget.minimumSeverity",
                            dev.toygres.model.AlertSeverity.values()),
                    Map.entry("NotificationTarget.security", List.of("StartTls", "Tls", "None")),
                    of(
                            "NotificationDelivery.event",
                            dev.toygres.store.NotificationStore.Event.values()),
                    Map.entry(
                            "NotificationDelivery.state",
                            List.of("Pending", "Delivered", "GaveUp", "Superseded")),
                    of("Backup.state", dev.toygres.model.backup.BackupState.values()),
                    of("BackupType.kind", dev.toygres.model.backup.BackupKind.values()),
                    of("BackupConfig.compression", dev.toygres.model.backup.Compression.values()),
                    of("RestoreDrill.state", dev.toygres.store.backup.DrillStore.State.values()),
                    Map.entry("BackupStorage.kind", List.of("Local", "S3", "AzureBlob")),
                    Map.entry("RestoreTarget.kind", List.of("NewInstance", "ExistingInstance")));

    /** Parts of requests: they know no other fields either. */
    private static final Set<String> PARTS =
            Set.of(
                    "Decision",
                    "ReplicaConfig",
                    "FailoverOptions",
                    "ApplyMode",
                    "ParameterProfile",
                    "BackupType",
                    "BackupStorage",
                    "RetentionPolicy",
                    "EncryptionConfig",
                    "BackupConfig",
                    "RestoreTarget",
                    "RestoreInstanceConfig",
                    "NotificationTarget",
                    "NotificationTargets");

    /** Calls that need If-Match, and those that show what to put there. */
    private static final Set<String> NEED_REVISION =
            Set.of("instances.update", "notification-targets.replace");

    private static final Set<String> SHOW_REVISION =
            Set.of("instances.get", "notification-targets.get");

    private final ObjectNode root;

    private OpenApiDocument(ObjectNode root) {
        this.root = root;
    }

    static String complete(String generated) throws IOException {
        var document = new OpenApiDocument((ObjectNode) JSON.readTree(generated));
        document.head();
        document.operations();
        document.schemas();
        return JSON.writeValueAsString(sorted(document.root)) + "\n";
    }

    private void head() {
        root.remove("servers");
        root.remove("tags");
        ObjectNode info = root.putObject("info");
        info.put("title", "toygres");
        info.put("version", "v1");
        info.put(
                "description",
                "Managed Postgres that you run yourself. Times are ISO-8601 in UTC, sizes in bytes,"
                        + " durations ISO-8601. Errors are RFC 9457 problem+json with a stable"
                        + " code. Unknown fields and query parameters are refused. x-least-role is"
                        + " the role that a call needs at least: viewer, operator or admin.");
        ObjectNode bearer = components().withObject("/securitySchemes").putObject("token");
        bearer.put("type", "http");
        bearer.put("scheme", "bearer");
        bearer.put("description", "An API token: tg_ and 43 characters");
        root.putArray("security").addObject().putArray("token");
    }

    private ObjectNode components() {
        return root.withObject("/components");
    }

    private void operations() {
        ObjectNode paths = (ObjectNode) root.path("paths");
        paths.remove(List.of("/api/v1/openapi.json", "/openapi.json"));
        Calls.table(false).all().stream()
                .filter(call -> paths.has(call.path().getPatternString()))
                .forEach(call -> describe(call, operation(paths, call)));
    }

    private static ObjectNode operation(ObjectNode paths, Call call) {
        JsonNode operation =
                paths.path(call.path().getPatternString())
                        .path(call.method().toLowerCase(java.util.Locale.ROOT));
        return operation instanceof ObjectNode there
                ? there
                : JSON.createObjectNode().put("missing", call.action());
    }

    private void describe(Call call, ObjectNode operation) {
        operation.put("operationId", call.action());
        operation.put("summary", call.summary());
        String path = call.path().getPatternString();
        String tag = path.substring("/api/v1/".length()).replaceAll("[/:].*", "");
        operation.remove("tags");
        operation.putArray("tags").add(tag);
        if (call.least().isPresent()) {
            operation.put("x-least-role", call.least().get().name());
        } else {
            operation.putArray("security");
        }
        if (call.mutates() && call.least().isPresent()) {
            ObjectNode key = operation.withArray("/parameters").addObject();
            key.put("name", "Idempotency-Key");
            key.put("in", "header");
            key.put("required", false);
            key.put(
                    "description",
                    "A repeat with the same key within 24 hours gets the first answer again"
                            + (call.secretAnswer() ? ", or 409 where that held a secret" : ""));
            key.putObject("schema").put("type", "string").put("maxLength", 255);
        }
        answers(call, operation);
    }

    private void answers(Call call, ObjectNode operation) {
        ObjectNode responses = operation.withObject("/responses");
        responses
                .properties()
                .forEach(answer -> success(call, answer.getKey(), (ObjectNode) answer.getValue()));
        problem(responses, "400", "The request is wrong");
        if (call.least().isPresent()) {
            problem(responses, "401", "No good token");
            problem(responses, "403", "The token's role does not cover this");
        }
        if (call.path().getPatternString().contains("{")) {
            problem(responses, "404", "There is no such thing");
        }
        if (call.mutates()) {
            problem(responses, "409", "It does not fit what is so now");
            problem(responses, "413", "The body is too large");
            problem(responses, "422", "The Idempotency-Key stands for another request");
        }
        if (operation.has("requestBody")) {
            problem(responses, "415", "The body is not JSON");
        }
        if (NEED_REVISION.contains(call.action())) {
            problem(responses, "412", "It has changed since it was read");
            problem(responses, "428", "If-Match is missing");
        }
        problem(responses, "429", "Too many failed attempts");
        problem(responses, "500", "A fault of the server");
        problem(responses, "503", "The catalogue does not answer");
    }

    private static void success(Call call, String status, ObjectNode answer) {
        String words =
                switch (status) {
                    case "200" -> "Done";
                    case "201" -> "Made";
                    case "202" -> "Accepted: watch the operation";
                    case "204" -> "Done, nothing to show";
                    default -> "Done";
                };
        answer.put("description", words);
        if (status.equals("202") || call.action().equals("tokens.create")) {
            header(answer, "Location", "Where to find it");
        }
        if (SHOW_REVISION.contains(call.action()) || NEED_REVISION.contains(call.action())) {
            header(answer, "ETag", "The revision, for If-Match");
        }
        if (call.action().equals("operations.watch")) {
            answer.remove("content");
            answer.putObject("content")
                    .putObject("text/event-stream")
                    .putObject("schema")
                    .put("type", "string")
                    .put(
                            "description",
                            "event: operation with an Operation, event: step with an OperationStep;"
                                    + " the id of an event is good for Last-Event-ID");
        }
    }

    private static void header(ObjectNode answer, String name, String words) {
        ObjectNode header = answer.withObject("/headers").putObject(name);
        header.put("description", words);
        header.putObject("schema").put("type", "string");
    }

    private void problem(ObjectNode responses, String status, String words) {
        ObjectNode answer = components().withObject("/responses").putObject("Problem" + status);
        answer.put("description", words);
        answer.putObject("content")
                .putObject("application/problem+json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/Problem");
        responses.putObject(status).put("$ref", "#/components/responses/Problem" + status);
    }

    private void schemas() throws IOException {
        ObjectNode schemas = components().withObject("/schemas");
        problemSchema(schemas);
        for (Map.Entry<String, JsonNode> schema : schemas.properties()) {
            Class<?> type = record(schema.getKey());
            if (type != null) {
                complete(schema.getKey(), type, (ObjectNode) schema.getValue());
            }
        }
    }

    private static void complete(String name, Class<?> type, ObjectNode schema) throws IOException {
        String javadoc = javadoc(name);
        summary(javadoc).ifPresent(words -> schema.put("description", words));
        var words = new TreeMap<String, String>();
        Matcher params = PARAM.matcher(javadoc);
        while (params.find()) {
            words.put(params.group(1), params.group(2).strip());
        }
        schema.remove("required");
        var needed = new ArrayList<String>();
        for (RecordComponent component : type.getRecordComponents()) {
            String field = component.getName();
            ObjectNode property = schema.withObject("/properties/" + field);
            if (words.containsKey(field) && !property.has("$ref")) {
                property.put("description", words.get(field));
            }
            if (VALUES.containsKey(name + "." + field)) {
                property.putArray("enum").removeAll();
                ArrayNode values = property.putArray("enum");
                VALUES.getOrDefault(name + "." + field, List.of()).forEach(values::add);
            }
            if (component.getType() != Optional.class) {
                needed.add(field);
            }
        }
        if (!needed.isEmpty()) {
            ArrayNode required = schema.putArray("required");
            needed.forEach(required::add);
        }
        if (name.endsWith("Request") || PARTS.contains(name)) {
            schema.put("additionalProperties", false);
        }
    }

    private static void problemSchema(ObjectNode schemas) throws IOException {
        ObjectNode problem = schemas.putObject("Problem");
        problem.put("type", "object");
        ObjectNode properties = problem.putObject("properties");
        for (String text : List.of("type", "title", "detail")) {
            properties.putObject(text).put("type", "string");
        }
        properties.putObject("status").put("type", "integer").put("format", "int32");
        ArrayNode codes = properties.putObject("code").put("type", "string").putArray("enum");
        codes().forEach(codes::add);
        ObjectNode errors = properties.putObject("errors").put("type", "array");
        ObjectNode error = errors.putObject("items").put("type", "object");
        error.putArray("required").add("field").add("message");
        error.putObject("properties").putObject("field").put("type", "string");
        error.withObject("/properties").putObject("message").put("type", "string");
    }

    private static Set<String> codes() throws IOException {
        var codes = new TreeSet<>(Set.of("invalid-request"));
        for (String module : List.of("../server", "../orchestrations", "../store", "../model")) {
            Path sources = Path.of(module, "src/main/java");
            if (Files.isDirectory(sources)) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(OpenApiDocument::isJava).toList()) {
                        collect(Files.readString(file), codes);
                    }
                }
            }
        }
        return codes;
    }

    private static boolean isJava(Path file) {
        return file.toString().endsWith(".java");
    }

    private static void collect(String source, Set<String> codes) {
        for (Pattern pattern : CODES) {
            pattern.matcher(source).results().map(match -> match.group(1)).forEach(codes::add);
        }
        NOT_FOUND
                .matcher(source)
                .results()
                .map(match -> match.group(1) + "-not-found")
                .forEach(codes::add);
    }

    private static @Nullable Class<?> record(String name) {
        try {
            Class<?> type = Class.forName("dev.toygres.api." + name);
            return type.isRecord() ? type : null;
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static String javadoc(String name) throws IOException {
        Matcher matcher = JAVADOC.matcher(Files.readString(RECORDS.resolve(name + ".java")));
        return matcher.find()
                ? matcher.group(1)
                        .replaceAll("\\n\\s*\\* *", " ")
                        .replaceAll("\\{@code ([^}]*)}", "$1")
                        .replace("<p>", "")
                        .strip()
                : "";
    }

    private static Optional<String> summary(String javadoc) {
        String words = javadoc.replaceAll("@param.*", "").strip();
        return words.isEmpty() ? Optional.empty() : Optional.of(words);
    }

    private static Map.Entry<String, List<String>> of(String field, Enum<?>[] values) {
        return Map.entry(field, Arrays.stream(values).map(Enum::name).toList());
    }

    /** In the order of names, except lists: so that the file changes only when the API does. */
    private static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            ObjectNode sorted = JSON.createObjectNode();
            new TreeSet<>(new HashSet<>(node.propertyNames()))
                    .forEach(name -> sorted.set(name, sorted(node.path(name))));
            return sorted;
        }
        if (node.isArray()) {
            ArrayNode sorted = JSON.createArrayNode();
            node.forEach(item -> sorted.add(sorted(item)));
            return sorted;
        }
        return node;
    }
}
