package dev.toygres.server.edge;

import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A desk takes a wish flat; in the JSON some of its fields stand inside an object. Faults name them
 * as the caller wrote them.
 */
public final class FieldPaths {
    private final Pattern flat;
    private final String object;
    private final Set<String> fields;

    private FieldPaths(String before, String object, Set<String> fields) {
        this.flat = Pattern.compile("(" + before + ")(\\w+)");
        this.object = object;
        this.fields = fields;
    }

    /** The fields of this record stand inside {@code object}. */
    public static FieldPaths inside(String object, Class<? extends Record> type) {
        return new FieldPaths("", object, names(type));
    }

    /** They stand inside {@code object} of each element of {@code list}. */
    public static FieldPaths insideEach(String list, String object, Class<? extends Record> type) {
        return new FieldPaths(list + "\\[\\d+]\\.", object, names(type));
    }

    private static Set<String> names(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Asks; the faults of a refusal get their whole paths. */
    public <T> T of(Supplier<T> asked) {
        try {
            return asked.get();
        } catch (Refused no) {
            throw no.faults().isEmpty()
                    ? no
                    : Refused.fields(no.faults().stream().map(this::whole).toList());
        }
    }

    private FieldFault whole(FieldFault fault) {
        Matcher matcher = flat.matcher(fault.field());
        return matcher.matches() && fields.contains(matcher.group(2))
                ? new FieldFault(
                        matcher.group(1) + object + "." + matcher.group(2), fault.message())
                : fault;
    }
}
