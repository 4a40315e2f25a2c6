package dev.toygres.orchestrations.alert;

import dev.toygres.store.NotificationStore.Target;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Into the log of the server. */
final class LogSender implements Sender {
    private static final Logger LOG = LoggerFactory.getLogger("dev.toygres.alert");

    @Override
    public void send(Target target, Message message) {
        Level level =
                message.alert()
                        .map(
                                alert ->
                                        switch (alert.severity()) {
                                            case Info -> Level.INFO;
                                            case Warning -> Level.WARN;
                                            case Critical -> Level.ERROR;
                                        })
                        .orElse(Level.INFO);
        LOG.atLevel(level)
                .addKeyValue("alert.event", message.event())
                .addKeyValue("alert.id", message.alert().map(AlertView::id).orElse(""))
                .addKeyValue("alert.kind", message.alert().map(AlertView::kind).orElse(""))
                .addKeyValue(
                        "instance.id", message.alert().flatMap(AlertView::instanceId).orElse(""))
                .log("alert {}", message.title());
    }
}
