package dev.toygres.server.edge;

import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** An unknown query parameter is refused: a misspelt filter must not silently filter nothing. */
public final class KnownParameters implements HandlerInterceptor {

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method
                && method.getBeanType().getName().startsWith("dev.toygres.")) {
            List<String> known = known(method);
            var faults = new ArrayList<FieldFault>();
            request.getParameterMap()
                    .forEach(
                            (name, values) -> {
                                if (!known.contains(name)) {
                                    faults.add(new FieldFault(name, words(known)));
                                } else if (values.length > 1) {
                                    faults.add(new FieldFault(name, "is given more than once"));
                                }
                            });
            if (!faults.isEmpty()) {
                throw Refused.fields(faults);
            }
        }
        return true;
    }

    private static List<String> known(HandlerMethod method) {
        return Arrays.stream(method.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                .map(KnownParameters::name)
                .toList();
    }

    private static String name(MethodParameter parameter) {
        RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
        return annotation == null ? "" : annotation.name();
    }

    private static String words(List<String> known) {
        return known.isEmpty()
                ? "is not known here: this call takes no query parameters"
                : "is not known here; known: " + String.join(", ", known);
    }
}
