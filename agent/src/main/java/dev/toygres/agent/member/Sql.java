package dev.toygres.agent.member;

import dev.toygres.agentapi.Address;
import dev.toygres.model.Secret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/** Connections to a member of this host, from the agent's own address, over TLS, with SCRAM. */
record Sql(Address address, Path authority) {
    static final String SUPERUSER = "postgres";
    static final String MONITOR = "toygres_monitor";

    Connection connect(String role, Secret password, String database, Duration limit)
            throws SQLException {
        var seconds = String.valueOf(Math.max(1, limit.toSeconds()));
        var properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("password", password.reveal());
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty("sslrootcert", authority.toString());
        properties.setProperty("localSocketAddress", address.host());
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        properties.setProperty("ApplicationName", "toygres-agent");
        /* Nothing that an owner puts into public may be found before the system's own. */
        properties.setProperty("options", "-c search_path=pg_catalog");
        return DriverManager.getConnection(url(database), properties);
    }

    private String url(String database) {
        var host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
        return "jdbc:postgresql://" + host + ":" + address.port() + "/" + database;
    }
}
