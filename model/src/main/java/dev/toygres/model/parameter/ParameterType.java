package dev.toygres.model.parameter;

/** What kind of value a parameter takes (R5.14). */
public enum ParameterType {
    Boolean,
    Integer,
    Real,
    String,
    Enum;

    /** From {@code pg_settings.vartype}. */
    public static ParameterType of(String vartype) {
        return switch (vartype) {
            case "bool" -> Boolean;
            case "integer" -> Integer;
            case "real" -> Real;
            case "enum" -> Enum;
            default -> String;
        };
    }
}
