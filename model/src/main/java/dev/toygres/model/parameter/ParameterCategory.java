package dev.toygres.model.parameter;

/**
 * What it takes to change a parameter, from {@code pg_settings.context} of the instance's own major
 * (D13, R5.1): <a href="https://www.postgresql.org/docs/15/view-pg-settings.html">pg_settings</a>.
 */
public enum ParameterCategory {
    /** In force at once, in every session that did not set it for itself. */
    Dynamic,
    /** In force once the server has read its files again. */
    Reload,
    /** In force after a restart. */
    Restart,
    /** Fixed when the data was made, or a fact that Postgres only shows. */
    Immutable;

    public static ParameterCategory of(String context) {
        return switch (context) {
            case "internal" -> Immutable;
            case "postmaster" -> Restart;
            case "sighup" -> Reload;
            default -> Dynamic;
        };
    }
}
