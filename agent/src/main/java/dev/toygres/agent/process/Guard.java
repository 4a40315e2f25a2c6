package dev.toygres.agent.process;

import dev.toygres.agent.files.AgentHome;
import dev.toygres.agent.files.Durable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The guard of one data directory, seen from outside: see guard.c. */
public final class Guard {
    private static final Duration LAUNCH = Duration.ofSeconds(30);

    /** Between its removing of its pid file and its end, when it lets go of its lock. */
    private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path program;
    private final Tools tools;
    private final Path data;
    private final Path directory;
    private final List<String> keeping;

    /**
     * @param directory of the service user, for pid, state, lock and log
     */
    public Guard(Path program, Tools tools, Path data, Path directory) {
        this(program, tools, data, directory, List.of());
    }

    private Guard(Path program, Tools tools, Path data, Path directory, List<String> keeping) {
        this.program = program;
        this.tools = tools;
        this.data = data;
        this.directory = directory;
        this.keeping = keeping;
    }

    /** One that also starts the agent again when that is dead or frozen: see keeper.c. */
    public Guard keeping(AgentHome agent) {
        return new Guard(
                program,
                tools,
                data,
                directory,
                List.of(
                        "--agent",
                        agent.host().toString(),
                        "--agent-beat",
                        agent.beat().toString(),
                        "--agent-pid-file",
                        agent.pidFile().toString(),
                        "--agent-log",
                        agent.output().toString()));
    }

    public Path log() {
        return directory.resolve("postgres.log");
    }

    /** Its pid while it lives; while it lives, some process of the data directory may. */
    public Optional<Long> pid() {
        return Processes.pidIn(directory.resolve("guard.pid"))
                .flatMap(pid -> Processes.known(pid, data.toString()));
    }

    /**
     * Starts it with its postmaster; what a dead guard left behind is killed first.
     *
     * @param deadline when it kills everything, unless that is moved; 0 is never
     */
    public void start(List<String> postgres, long deadline) {
        var command = new ArrayList<>(List.of(program.toString(), "--data", data.toString()));
        option(command, "--lock", "guard.lock");
        option(command, "--pid-file", "guard.pid");
        option(command, "--state-file", "guard.state");
        option(command, "--log", "postgres.log");
        command.addAll(List.of("--lease", lease().toString()));
        command.addAll(List.of("--deadline", String.valueOf(deadline)));
        command.addAll(keeping);
        command.add("--");
        command.addAll(postgres);
        tools.run(LAUNCH, command);
        if (deadline != 0) {
            pid().ifPresent(pid -> Priority.raise(pid));
        }
    }

    /** Where agent and guard share their {@link LeasePage}. */
    public Path lease() {
        return LeasePage.of(data);
    }

    private void option(List<String> command, String name, String file) {
        command.addAll(List.of(name, directory.resolve(file).toString()));
    }

    /** Kills all processes of the data directory that a killed guard left behind. */
    public void sweep(Duration limit) {
        tools.run(limit, List.of(program.toString(), "--sweep", "--data", data.toString()));
        forgetLease();
    }

    /** The page of one that was killed; who ends by itself removes its own. */
    public void forgetLease() {
        if (pid().isEmpty()) {
            Durable.delete(lease());
        }
    }

    public void signal(Signal signal) {
        pid().ifPresent(signal::to);
    }

    /** The postmaster of the last start. */
    public Optional<Long> postmaster() {
        return state().map(state -> state.path("postmaster").asLong());
    }

    /** Whether the last one was ended because its lease had run out. */
    public boolean wasFencedByLease() {
        return state().filter(state -> state.has("leaseOverAtNs")).isPresent();
    }

    /** How the last postmaster ended, in words. */
    public Optional<String> lastEnd() {
        return state().filter(state -> state.has("endedAtMs")).map(Guard::words);
    }

    /** Whether that guard is gone, and left its last word: that it had killed all who were left. */
    public boolean hasEndedItself(long guard) {
        return Await.until(LAST_MOMENT, () -> Processes.known(guard, data.toString()).isEmpty())
                && state().filter(
                                state ->
                                        state.has("endedAtMs")
                                                && state.path("guard").asLong() == guard)
                        .isPresent();
    }

    private static String words(JsonNode state) {
        if (state.has("leaseOverAtNs")) {
            return "was killed because its lease had run out";
        }
        return state.has("signal")
                ? "killed by signal " + state.path("signal").asInt()
                : "ended with exit code " + state.path("exitCode").asInt();
    }

    private Optional<JsonNode> state() {
        return Durable.read(directory.resolve("guard.state")).map(JSON::readTree);
    }
}
