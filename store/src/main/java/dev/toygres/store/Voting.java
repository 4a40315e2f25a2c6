package dev.toygres.store;

import dev.toygres.model.IsolationPolicy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Who votes on the lease of an instance's primary (S4).
 *
 * @param electorate who may be promoted once the lease has run out
 * @param version of the list that the primary was last told
 * @param ttlMs of its grants and vouchers
 * @param withheld whether the incumbent's lease is no longer renewed (S5)
 */
public record Voting(
        List<String> electorate,
        long version,
        long ttlMs,
        boolean withheld,
        IsolationPolicy policy) {

    /** Of a new instance. */
    public static final Voting NONE = new Voting(List.of(), 0, 3000, false, IsolationPolicy.Fence);

    public Voting {
        electorate = List.copyOf(electorate);
    }

    static Voting from(ResultSet row) throws SQLException {
        return new Voting(
                List.of((String[]) row.getArray("electorate").getArray()),
                row.getLong("electorate_version"),
                row.getLong("lease_ttl_ms"),
                row.getBoolean("lease_withheld"),
                IsolationPolicy.valueOf(row.getString("isolation_policy")));
    }
}
