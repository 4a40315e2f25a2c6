package dev.toygres.durable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connections that break at a commit, so that nobody knows whether it held. */
final class CutAtCommit {
    private final DataSource source;
    private final AtomicReference<@Nullable Side> next = new AtomicReference<>();

    CutAtCommit(DataSource source) {
        this.source = source;
    }

    /** On which side of the commit the connection breaks. */
    enum Side {
        Before,
        After
    }

    void atTheNextCommit(Side side) {
        next.set(side);
    }

    DataSource dataSource() {
        return (DataSource)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {DataSource.class},
                        (_, method, values) -> {
                            Object result = call(source, method, values);
                            return result instanceof Connection real ? breaking(real) : result;
                        });
    }

    private Connection breaking(Connection real) {
        return (Connection)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (_, method, values) -> {
                            Side side =
                                    method.getName().equals("commit") ? next.getAndSet(null) : null;
                            if (side == null) {
                                return call(real, method, values);
                            }
                            if (side == Side.After) {
                                real.commit();
                            }
                            real.abort(Runnable::run);
                            throw new SQLException("cut at the commit", "08006");
                        });
    }

    @SuppressWarnings("NullAway") // As the reflected method does.
    private static Object call(Object target, Method method, Object @Nullable [] values)
            throws Throwable {
        try {
            return method.invoke(target, values);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
