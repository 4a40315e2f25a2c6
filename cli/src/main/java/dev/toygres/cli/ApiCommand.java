package dev.toygres.cli;

import java.util.concurrent.Callable;

/** A command that asks the server. Failures are exceptions; {@link Failures} words them. */
abstract class ApiCommand implements Callable<Integer> {
    final Session session;

    ApiCommand(Session session) {
        this.session = session;
    }

    abstract void run();

    @Override
    public final Integer call() {
        run();
        return ExitCode.OK;
    }
}
