package dev.toygres.durable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The allow-list: plain data of known shape may be journalled, and never a secret. */
final class Shapes {
    private static final Set<Class<?>> PLAIN =
            Set.of(
                    String.class,
                    Boolean.class,
                    Character.class,
                    Byte.class,
                    Short.class,
                    Integer.class,
                    Long.class,
                    Float.class,
                    Double.class,
                    BigInteger.class,
                    BigDecimal.class,
                    UUID.class,
                    URI.class,
                    Void.class);
    private static final Set<Class<?>> HOLDERS =
            Set.of(List.class, Set.class, Collection.class, Optional.class, Map.class);

    private final Set<Type> passed = ConcurrentHashMap.newKeySet();

    void check(String what, @Nullable Object value) {
        switch (value) {
            case null -> {}
            case Collection<?> all -> all.forEach(element -> check(what, element));
            case Map<?, ?> map -> map.values().forEach(element -> check(what, element));
            case Optional<?> maybe -> maybe.ifPresent(element -> check(what, element));
            case Enum<?> _ -> {}
            default -> check(what, value.getClass());
        }
    }

    private void check(String what, Type type) {
        if (!passed.add(type)) {
            return;
        }
        try {
            inspect(what, type);
        } catch (IllegalArgumentException e) {
            passed.remove(type);
            throw e;
        }
    }

    private void inspect(String what, Type type) {
        switch (type) {
            case Class<?> plain -> inspectClass(what, plain);
            case ParameterizedType generic -> inspectGeneric(what, generic);
            case WildcardType wildcard -> check(what, wildcard.getUpperBounds()[0]);
            default -> throw refused(what, type, "has no known shape");
        }
    }

    private void inspectGeneric(String what, ParameterizedType generic) {
        if (!(generic.getRawType() instanceof Class<?> raw && HOLDERS.contains(raw))) {
            throw refused(what, generic, "is not on the list of what may be journalled");
        }
        for (Type argument : generic.getActualTypeArguments()) {
            check(what, argument);
        }
    }

    private void inspectClass(String what, Class<?> type) {
        if (type.getSimpleName().equals("Secret")) {
            throw refused(what, type, "is a secret");
        } else if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                check(what + "." + component.getName(), component.getGenericType());
            }
        } else if (type.isSealed() && type.isInterface()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                check(what, permitted);
            }
        } else if (!isPlain(type)) {
            throw refused(what, type, "is not on the list of what may be journalled");
        }
    }

    private static boolean isPlain(Class<?> type) {
        return type.isPrimitive()
                || type.isEnum()
                || PLAIN.contains(type)
                || type.getPackageName().equals("java.time")
                || JsonNode.class.isAssignableFrom(type);
    }

    private static IllegalArgumentException refused(String what, Type type, String why) {
        return new IllegalArgumentException(what + ": " + type.getTypeName() + " " + why);
    }
}
