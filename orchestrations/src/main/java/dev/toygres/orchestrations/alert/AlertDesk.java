package dev.toygres.orchestrations.alert;

import dev.toygres.model.AlertKind;
import dev.toygres.model.Refused;
import dev.toygres.store.AlertStore;
import dev.toygres.store.Catalogue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The desk for alerts, on the catalogue. */
public final class AlertDesk implements Alerts {
    private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

    /** What happened, and cannot be mended, is open until somebody has taken note of it. */
    private static final List<String> LAST_UNTIL_NOTED = List.of(AlertKind.TailKept.name());

    private final Catalogue catalogue;

    public AlertDesk(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public List<AlertView> list(AlertStore.Filter filter, int limit, Optional<String> before) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle -> AlertStore.list(handle, filter, limit, before.map(Long::valueOf)))
                .stream()
                .map(AlertView::of)
                .toList();
    }

    @Override
    public AlertView acknowledge(String id, String who) {
        if (!ID.matcher(id).matches()) {
            throw Refused.notFound("alert", id);
        }
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            AlertStore.acknowledge(
                                    handle, Long.parseLong(id), who, LAST_UNTIL_NOTED);
                            return AlertStore.find(handle, Long.parseLong(id));
                        })
                .map(AlertView::of)
                .orElseThrow(() -> Refused.notFound("alert", id));
    }

    @Override
    public Map<String, Long> countUnresolved() {
        return catalogue.jdbi().withHandle(AlertStore::countUnresolved);
    }
}
