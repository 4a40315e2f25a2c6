package dev.toygres.cli;

import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresException;

/** An empty list of an instance is an answer only where that instance is, or was. */
final class KnownInstance {
    private KnownInstance() {}

    /** What had its name once has left its operations. */
    static void require(Session session, String id) {
        var client = session.client();
        try {
            client.getInstance(id);
        } catch (ToygresException.NotFound unknown) {
            var traces =
                    client.listOperations(
                            ListQuery.first()
                                    .where("instanceId", id)
                                    .where("internal", "true")
                                    .limit(1));
            if (traces.items().isEmpty()) {
                throw unknown;
            }
        }
    }
}
