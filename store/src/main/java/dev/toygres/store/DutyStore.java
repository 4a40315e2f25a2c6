package dev.toygres.store;

import java.time.Duration;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What one server does for all of them. */
public final class DutyStore {
    private DutyStore() {}

    /**
     * Whether it is this server's: it was, or nobody's for so long. One statement, by the
     * catalogue's clock; it writes only when half of the time is over.
     */
    public static boolean take(Handle handle, String name, UUID server, Duration time) {
        return handle.createQuery(
                        """
                        with mine as (
                            insert into catalogue.duty as duty (name, holder, until)
                            values (:name, :server, now() + :seconds * interval '1 second')
                            on conflict (name) do update
                            set holder = excluded.holder, until = excluded.until
                            where duty.until < now() or (duty.holder = excluded.holder
                                and duty.until < now() + :seconds * interval '0.5 second')
                            returning holder)
                        select exists (select from mine) or exists (
                            select from catalogue.duty
                            where name = :name and holder = :server and until >= now())
                        """)
                .bind("name", name)
                .bind("server", server)
                .bind("seconds", time.toSeconds())
                .mapTo(Boolean.class)
                .one();
    }
}
