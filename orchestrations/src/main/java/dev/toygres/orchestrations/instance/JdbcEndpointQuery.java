package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.model.Secret;
import dev.toygres.store.InstanceRow;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Over the wire: TLS against the instance's CA, read-write endpoint and pooled one. */
public final class JdbcEndpointQuery implements EndpointQuery {
    @Override
    public void ask(InstanceRow instance, Secret password, EndpointPorts ports)
            throws SQLException {
        ask(instance, password, ports.host(), ports.readWrite());
        ask(instance, password, ports.host(), ports.pooled());
    }

    private void ask(InstanceRow instance, Secret password, String host, int port)
            throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", instance.owner());
        properties.setProperty("password", password.reveal());
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty("sslfactory", "org.postgresql.ssl.SingleCertValidatingFactory");
        properties.setProperty("sslfactoryarg", instance.caCertificate().orElseThrow());
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "10");
        properties.setProperty("loginTimeout", "10");
        properties.setProperty("prepareThreshold", "0");
        properties.setProperty("ApplicationName", "toygres first query");
        String url = "jdbc:postgresql://%s:%d/%s".formatted(host, port, instance.database());
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        }
    }
}
