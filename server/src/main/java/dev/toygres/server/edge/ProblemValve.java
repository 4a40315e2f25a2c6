package dev.toygres.server.edge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/** What Tomcat itself refuses (a path that is none, say) is a problem too, not a page. */
public final class ProblemValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        String code = status < 500 ? "invalid-request" : "internal-error";
        String problem =
                """
                {"type":"urn:toygres:problem:%s","title":"%s","status":%d,\
                "detail":"the request cannot be understood","code":"%s","errors":[]}"""
                        .formatted(code, status < 500 ? "Bad Request" : "Error", status, code);
        try {
            response.setContentType("application/problem+json");
            response.getOutputStream().write(problem.getBytes(StandardCharsets.UTF_8));
            response.finishResponse();
        } catch (IOException e) {
            // whoever asked has gone
            container.getLogger().debug("nobody reads this error", e);
        }
    }
}
