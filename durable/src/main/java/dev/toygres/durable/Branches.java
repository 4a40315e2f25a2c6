package dev.toygres.durable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs the parts of a parallel step, each on a thread of its own, and gathers how they ended. */
final class Branches {
    private Branches() {}

    static <R> List<R> run(List<Branch<R>> branches, Function<String, RunContext> scopes) {
        refuseDoubles(branches);
        var tasks = new ArrayList<FutureTask<R>>();
        for (Branch<R> branch : branches) {
            RunContext scope = scopes.apply(branch.name());
            var task = new FutureTask<>(() -> branch.body().apply(scope));
            Thread.ofVirtual().name(branch.name()).start(task);
            tasks.add(task);
        }
        return gather(tasks);
    }

    private static <R> void refuseDoubles(List<Branch<R>> branches) {
        var names = new HashSet<String>();
        for (Branch<R> branch : branches) {
            if (!names.add(branch.name())) {
                throw new IllegalStateException(
                        "two branches are called \"" + branch.name() + "\"");
            }
        }
    }

    /** Waits for all: a branch that failed does not stop the others, one that waits parks all. */
    private static <R> List<R> gather(List<FutureTask<R>> tasks) {
        var results = new ArrayList<R>();
        Throwable worst = null;
        for (FutureTask<R> task : tasks) {
            try {
                results.add(join(task));
            } catch (ExecutionException e) {
                worst = worse(worst, e.getCause() == null ? e : e.getCause());
            }
        }
        if (worst != null) {
            throw Branches.<RuntimeException>asIs(worst);
        }
        return results;
    }

    private static <R> R join(FutureTask<R> task) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Throwable worse(@Nullable Throwable one, Throwable other) {
        if (one == null) {
            return other;
        }
        if (rank(other) > rank(one)) {
            return other;
        }
        if (rank(one) == 0 && !one.equals(other)) {
            one.addSuppressed(other);
        }
        return one;
    }

    private static int rank(Throwable error) {
        return switch (error) {
            case Control.Fenced _ -> 4;
            case Control.Parked _ -> 3;
            case Control.Unwinding _ -> 2;
            case Control.Restart _ -> 1;
            default -> 0;
        };
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E asIs(Throwable error) throws E {
        throw (E) error;
    }
}
