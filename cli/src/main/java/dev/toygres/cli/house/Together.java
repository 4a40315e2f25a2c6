package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Several things at the same time; returns when the last is done. */
final class Together {
    private Together() {}

    static void run(List<Runnable> tasks) {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : tasks.stream().map(executor::submit).toList()) {
                done.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.FAILED, "interrupted", e);
        } catch (ExecutionException e) {
            throw new CommandFailed(ExitCode.FAILED, String.valueOf(e.getCause()), e);
        }
    }
}
