package dev.toygres.orchestrations.alert;

import dev.toygres.model.AlertSeverity;
import dev.toygres.model.Refused;
import dev.toygres.model.Secret;
import dev.toygres.store.Catalogue;
import dev.toygres.store.NotificationStore;
import dev.toygres.store.NotificationStore.Settings;
import dev.toygres.store.NotificationStore.Target;
import dev.toygres.store.SecretStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;

/** The desk for notification targets, on the catalogue. */
public final class NotificationDesk implements Notifications {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Catalogue catalogue;
    private final TargetSecrets secrets;
    private final Notifier notifier;

    public NotificationDesk(Catalogue catalogue, SecretStore secrets, Notifier notifier) {
        this.catalogue = catalogue;
        this.secrets = new TargetSecrets(secrets);
        this.notifier = notifier;
    }

    @Override
    public Targets targets() {
        return catalogue.jdbi().inTransaction(this::targets);
    }

    private Targets targets(Handle handle) {
        Settings settings = NotificationStore.settings(handle);
        return new Targets(
                NotificationStore.targets(handle).stream().map(one -> view(handle, one)).toList(),
                settings.repeatEvery(),
                settings.revision());
    }

    private TargetView view(Handle handle, Target target) {
        Optional<Mailbox> mailbox = mailbox(target);
        return new TargetView(
                target.name(),
                target.kind(),
                target.minimumSeverity().name(),
                secrets.find(handle, target.name(), TargetSecrets.URL).map(TargetSecrets::shown),
                secrets.find(handle, target.name(), TargetSecrets.SIGNING).isPresent()
                        || secrets.find(handle, target.name(), TargetSecrets.PASSWORD).isPresent(),
                mailbox.map(Mailbox::host),
                mailbox.map(Mailbox::port),
                mailbox.map(one -> one.security().name()),
                mailbox.flatMap(Mailbox::username),
                mailbox.map(Mailbox::from),
                mailbox.map(Mailbox::to).orElse(List.of()),
                target.failures(),
                target.lastError(),
                target.lastDeliveredAt());
    }

    static Optional<Mailbox> mailbox(Target target) {
        return target.kind().equals("Smtp")
                ? Optional.of(JSON.readValue(target.settings(), Mailbox.class))
                : Optional.empty();
    }

    @Override
    public Targets replace(
            List<TargetWish> wishes, Optional<Duration> repeatEvery, Optional<Long> revision) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            Settings known = NotificationStore.settings(handle);
                            if (revision.isPresent() && revision.get() != known.revision()) {
                                throw Refused.conflict(
                                        "changed-meanwhile",
                                        "the notification targets have changed since they were"
                                                + " read: read them again");
                            }
                            List<TargetView> before = targets(handle).targets();
                            TargetFaults.check(wishes, before, repeatEvery);
                            removeOthers(handle, before, wishes);
                            wishes.forEach(wish -> put(handle, wish));
                            NotificationStore.settings(
                                    handle, repeatEvery.orElse(known.repeatEvery()));
                            return targets(handle);
                        });
    }

    private void removeOthers(Handle handle, List<TargetView> before, List<TargetWish> wishes) {
        Set<String> stay = wishes.stream().map(TargetWish::name).collect(Collectors.toSet());
        before.stream()
                .map(TargetView::name)
                .filter(name -> !stay.contains(name))
                .forEach(
                        name -> {
                            NotificationStore.remove(handle, name);
                            secrets.removeAll(handle, name);
                            Alarms.resolve(handle, Notifier.failing(name));
                        });
    }

    private void put(Handle handle, TargetWish wish) {
        String name = wish.name();
        Optional<Secret> url = newUrl(handle, wish);
        boolean changed = isChanged(handle, wish) || url.isPresent();
        NotificationStore.put(
                handle,
                new Target(
                        name,
                        wish.kind(),
                        AlertSeverity.valueOf(wish.minimumSeverity().orElse("Info")),
                        settings(wish),
                        0,
                        Optional.empty(),
                        Optional.empty()),
                changed);
        if (changed) {
            Alarms.resolve(handle, Notifier.failing(name));
        }
        keep(handle, wish, "Webhook", TargetSecrets.URL, url);
        keep(handle, wish, "Webhook", TargetSecrets.SIGNING, wish.secret());
        keep(handle, wish, "Smtp", TargetSecrets.PASSWORD, wish.password());
        if (wish.username().isEmpty()) {
            secrets.remove(handle, name, TargetSecrets.PASSWORD);
        }
    }

    /** Whether another attempt may fare better than the last. */
    private static boolean isChanged(Handle handle, TargetWish wish) {
        Optional<Target> known = NotificationStore.target(handle, wish.name());
        boolean same =
                known.filter(one -> one.kind().equals(wish.kind())).isPresent()
                        && known.flatMap(NotificationDesk::mailbox).equals(mailbox(wish));
        return !same || wish.secret().isPresent() || wish.password().isPresent();
    }

    private static Optional<Mailbox> mailbox(TargetWish wish) {
        return wish.kind().equals("Smtp")
                ? Optional.of(TargetFaults.mailbox(wish))
                : Optional.empty();
    }

    /** What was shown and comes back so is no new URL. */
    private Optional<Secret> newUrl(Handle handle, TargetWish wish) {
        Optional<String> shown =
                secrets.find(handle, wish.name(), TargetSecrets.URL).map(TargetSecrets::shown);
        return wish.url().filter(url -> !shown.equals(Optional.of(url))).map(Secret::new);
    }

    private void keep(
            Handle handle, TargetWish wish, String kind, String what, Optional<Secret> value) {
        if (!wish.kind().equals(kind)) {
            secrets.remove(handle, wish.name(), what);
        }
        value.ifPresent(given -> secrets.put(handle, wish.name(), what, given));
    }

    private static String settings(TargetWish wish) {
        return mailbox(wish).map(JSON::writeValueAsString).orElse("{}");
    }

    @Override
    public NotificationStore.Row test(String target) {
        return notifier.test(target);
    }

    @Override
    public List<NotificationStore.Row> deliveries(
            String target, int limit, Optional<String> before) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle -> {
                            Notifier.requireKnown(handle, target);
                            return NotificationStore.list(
                                    handle, target, limit, before.filter(NotificationDesk::isId));
                        });
    }

    private static boolean isId(String text) {
        return UUID.matcher(text).matches();
    }
}
