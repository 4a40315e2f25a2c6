package dev.toygres.store;

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
 * @param serve whether an isolated primary goes on (isolation policy Serve)
 */
public record Voting(
        List<String> electorate, long version, long ttlMs, boolean withheld, boolean serve) {

    /** Of a new instance. */
    public static final Voting NONE = new Voting(List.of(), 0, 3000, false, false);

    public Voting {
        electorate = List.copyOf(electorate);
    }

    static Voting from(ResultSet row) throws SQLException {
        return new Voting(
                List.of((String[]) row.getArray("electorate").getArray()),
                row.getLong("electorate_version"),
                row.getLong("lease_ttl_ms"),
                row.getBoolean("lease_withheld"),
                row.getString("isolation_policy").equals("Serve"));
    }
}
