package dev.toygres.orchestrations;

import org.jdbi.v3.core.Handle;

/**
 * What a request starts is written down with the key under which it came, in one transaction: who
 * repeats the request finds what it started, wherever the first server was lost.
 */
public final class Once {
    private static final ScopedValue<Mark> MARK = ScopedValue.newInstance();

    private Once() {}

    /** Notes the operation that is being started; throws when somebody else has the request now. */
    @FunctionalInterface
    public interface Mark {
        void made(Handle handle, String operationId);
    }

    /** Carries the request out under its mark. */
    public static void under(Mark mark, ScopedValue.CallableOp<Void, Exception> request)
            throws Exception {
        ScopedValue.where(MARK, mark).call(request);
    }

    static void made(Handle handle, String operationId) {
        if (MARK.isBound()) {
            MARK.get().made(handle, operationId);
        }
    }
}
