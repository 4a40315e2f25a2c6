package dev.toygres.durable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a flow does, carried out within one run and one scope of names. */
final class RunContext implements Context {
    private final Run run;
    private final Ground ground;
    private final Journal journal;
    private final Claims.Scope scope;
    private final boolean masked;

    /**
     * @param scope where its names belong
     * @param masked cancels are not heeded
     */
    RunContext(Run run, Claims.Scope scope, boolean masked) {
        this.run = run;
        this.ground = run.ground();
        this.journal = run.journal();
        this.scope = scope;
        this.masked = masked;
    }

    @Override
    public String operationId() {
        return run.id();
    }

    @Override
    public long token() {
        return run.token();
    }

    @Override
    public Instant now(String name) {
        String path = claim(name);
        Optional<StepRow> known = journal.find(path);
        if (known.isPresent()) {
            return ground.json().read(known.get().result(), Instant.class);
        }
        run.checkpoint(masked);
        Instant now = ground.now();
        String json = ground.json().write(path, now);
        journal.record(StepRow.running(path, "Time", 1, now).ended(StepRow.SUCCEEDED, now, json));
        return now;
    }

    @Override
    public <R> R step(String name, StepOptions options, Class<R> type, StepBody<R> body) {
        String path = claim(name);
        run.beginStep(scope);
        Optional<String> old = options.oldName().map(former -> scope.prefix() + former);
        return attempts("Step", path, old, options, type, body);
    }

    @Override
    public void step(String name, StepOptions options, StepAction action) {
        step(name, options, Void.class, asBody(action));
    }

    /** As a step, but with cancel masked and under a path of the engine's own. */
    void undoStep(String path, StepOptions options, StepAction action) {
        run.claim(path, scope);
        run.beginStep(scope);
        attempts("Undo", path, Optional.empty(), options, Void.class, asBody(action));
    }

    private <R> R attempts(
            String kind,
            String path,
            Optional<String> oldPath,
            StepOptions options,
            Class<R> type,
            StepBody<R> body) {
        StepRow row =
                journal.find(path)
                        .or(() -> oldPath.flatMap(journal::find))
                        .orElseGet(() -> StepRow.running(path, kind, 1, ground.now()));
        if (!row.path().equals(path)) {
            run.claims().rename(path, row.path());
        }
        if (row.isIn(StepRow.SUCCEEDED)) {
            return ground.json().read(row.result(), type);
        }
        if (row.isIn(StepRow.FAILED)) {
            throw Attempts.failure(row, null);
        }
        StepBody<String> writing = attempt -> encode(path, body.run(attempt));
        String result = new Attempts(run, row, options, masked, writing).succeed();
        return ground.json().read(result, type);
    }

    private String encode(String path, @Nullable Object result) {
        try {
            return ground.json().write("the result of " + path, result);
        } catch (IllegalArgumentException e) {
            throw new PermanentFailure(String.valueOf(e.getMessage()), e);
        }
    }

    @SuppressWarnings("NullAway") // A step without a result has null for one.
    private static StepBody<Void> asBody(StepAction action) {
        return attempt -> {
            action.run(attempt);
            return null;
        };
    }

    @Override
    public <R> R transact(String name, Class<R> type, TransactionBody<R> body) {
        String path = claim(name);
        Optional<StepRow> known = journal.find(path);
        if (known.isPresent() && known.get().isIn(StepRow.SUCCEEDED)) {
            return ground.json().read(known.get().result(), type);
        }
        if (known.isPresent() && known.get().isIn(StepRow.FAILED)) {
            throw Attempts.failure(known.get(), null);
        }
        run.checkpoint(masked);
        StepRow row = StepRow.running(path, "Transaction", 1, ground.now());
        TransactionBody<String> writing = connection -> encode(path, body.run(connection));
        return ground.json().read(new Transactions(run, row, writing).commit(), type);
    }

    @Override
    @SuppressWarnings("NullAway") // As with steps.
    public void transact(String name, TransactionAction action) {
        transact(
                name,
                Void.class,
                connection -> {
                    action.run(connection);
                    return null;
                });
    }

    @Override
    public void sleep(String name, Duration duration) {
        String path = claim(name);
        run.beginStep(scope);
        new Waits(run, masked).sleep(path, duration);
    }

    @Override
    public <E> Optional<E> awaitEvent(String name, String event, Class<E> type, Duration timeout) {
        String path = claim(name);
        run.beginStep(scope);
        return new Waits(run, masked)
                .event(path, event, timeout)
                .map(json -> ground.json().read(json, type));
    }

    @Override
    public <I, O> O child(String name, FlowType<I, O> type, I input) {
        String json = ground.json().write("input of " + type.name(), input);
        String path = claim(name);
        run.beginStep(scope);
        String result = new Children(run, masked).await(path, type, json);
        return ground.json().read(result, type.output());
    }

    @Override
    public <I> String startDetached(String name, FlowType<I, ?> type, I input) {
        String json = ground.json().write("input of " + type.name(), input);
        return new Children(run, masked).detach(claim(name), type, json);
    }

    @Override
    public <R> List<R> parallel(String name, List<Branch<R>> branches) {
        String path = claim(name);
        run.beginStep(scope);
        return Branches.run(
                branches, branch -> new RunContext(run, scope.branch(path, branch), masked));
    }

    @Override
    public void progress(double fraction, String words) {
        run.progress(fraction, words);
    }

    @Override
    public void onUndo(String name, StepOptions options, StepAction action) {
        register(name, (path, backward) -> backward.undoStep(path, options, action));
    }

    @Override
    public void onUndo(String name, Compensation body) {
        register(name, (path, backward) -> body.run(backward.within(path)));
    }

    private void register(String name, Undoing.Way way) {
        refuseIfUndoing("onUndo");
        String path = claim("~undo " + name, name);
        if (!run.isPastNoReturn()) {
            run.undoing().register(path, way);
        }
    }

    /** Whose names are under a path of the engine's own. */
    private RunContext within(String path) {
        return new RunContext(run, new Claims.Scope(scope, path, path + "/"), masked);
    }

    /** Only what undoes runs masked. */
    private void refuseIfUndoing(String what) {
        if (masked) {
            throw new IllegalStateException("an undo has no " + what + " of its own");
        }
    }

    @Override
    public void pointOfNoReturn(String name) {
        refuseIfUndoing("pointOfNoReturn");
        String path = claim(name);
        Optional<StepRow> known = journal.find(path);
        if (known.isEmpty()) {
            run.checkpoint(masked);
            Instant now = ground.now();
            StepRow row = StepRow.running(path, "NoReturn", 1, now);
            if (!journal.passNoReturn(row.ended(StepRow.SUCCEEDED, now, null))) {
                run.interrupts().cancel();
                run.checkpoint(masked);
            }
        }
        run.passNoReturn();
    }

    @Override
    public <D> D decision(String name, Object question, Class<D> type) {
        return ask(claim(name), question, type);
    }

    <D> D ask(String path, Object question, Class<D> type) {
        run.beginStep(scope);
        String json = ground.json().write("the question of " + path, question);
        return ground.json().read(new Waits(run, masked).decision(path, json), type);
    }

    @Override
    public RuntimeException continueAsNew(Object input) {
        refuseIfUndoing("continueAsNew");
        run.checkpoint(masked);
        throw new Control.Restart(run.id(), ground.json().write("the next input", input));
    }

    private String claim(String name) {
        return claim(name, name);
    }

    private String claim(String key, String name) {
        if (name.isEmpty() || name.indexOf('~') >= 0) {
            throw new IllegalArgumentException("not fit for a name: \"" + name + "\"");
        }
        run.claim(scope.prefix() + key, scope);
        return scope.prefix() + name;
    }
}
