package dev.toygres.server.options;

import dev.toygres.model.Secret;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the catalogue is. Understands what psql takes ({@code
 * postgresql://user:password@host:port,host/database?sslmode=require}) and what JDBC takes.
 *
 * @param jdbc without user and password, so that it may be shown
 */
public record CatalogueUrl(String jdbc, Optional<String> user, Optional<Secret> password) {
    private static final Pattern PSQL =
            Pattern.compile(
                    "postgres(?:ql)?://(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?"
                            + "(?<hosts>[^/?@]+)/(?<database>[^?/]+)(?:\\?(?<query>.*))?");
    private static final Pattern JDBC =
            Pattern.compile(
                    "jdbc:postgresql://(?<hosts>[^/?@]+)/(?<database>[^?/]+)(?:\\?(?<query>.*))?");

    /** Throws without ever quoting the text: it may hold a password. */
    public static CatalogueUrl parse(String text) {
        Matcher psql = PSQL.matcher(text);
        if (psql.matches()) {
            return of(
                    psql,
                    Optional.ofNullable(psql.group("user")),
                    Optional.ofNullable(psql.group("password")));
        }
        Matcher jdbc = JDBC.matcher(text);
        if (jdbc.matches()) {
            return of(jdbc, Optional.empty(), Optional.empty());
        }
        throw new IllegalArgumentException(
                "must look like postgresql://user:password@host:port/database");
    }

    private static CatalogueUrl of(Matcher url, Optional<String> user, Optional<String> password) {
        Map<String, String> query = query(Optional.ofNullable(url.group("query")).orElse(""));
        Optional<String> queryUser = Optional.ofNullable(query.remove("user"));
        Optional<String> queryPassword = Optional.ofNullable(query.remove("password"));
        var rest = new StringBuilder();
        query.forEach(
                (key, value) ->
                        rest.append(rest.isEmpty() ? '?' : '&')
                                .append(encoded(key))
                                .append('=')
                                .append(encoded(value)));
        return new CatalogueUrl(
                "jdbc:postgresql://" + url.group("hosts") + "/" + url.group("database") + rest,
                user.filter(name -> !name.isEmpty()).map(CatalogueUrl::decoded).or(() -> queryUser),
                password.map(CatalogueUrl::decoded).or(() -> queryPassword).map(Secret::new));
    }

    private static Map<String, String> query(String text) {
        var found = new LinkedHashMap<String, String>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                found.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return found;
    }

    /** A plus stays a plus: this is a URL, not a form. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
