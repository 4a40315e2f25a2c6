package dev.toygres.orchestrations.alert;

import dev.toygres.model.AlertSeverity;
import dev.toygres.model.Name;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.orchestrations.alert.Notifications.TargetView;
import dev.toygres.orchestrations.alert.Notifications.TargetWish;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What is wrong with a list of notification targets: all of it at once. */
final class TargetFaults {
    private static final int MOST = 20;
    private static final int SHORTEST_SECRET = 16;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final Pattern MAIL = Pattern.compile("[^@\\s,;<>]{1,64}@[^@\\s,;<>]{1,190}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");

    private final List<FieldFault> faults = new ArrayList<>();

    private TargetFaults() {}

    static void check(
            List<TargetWish> wishes, List<TargetView> before, Optional<Duration> repeatEvery) {
        var faults = new TargetFaults();
        faults.check(
                "repeatEvery",
                repeatEvery.isEmpty()
                        || (repeatEvery.get().compareTo(SHORTEST) >= 0
                                && repeatEvery.get().compareTo(LONGEST) <= 0),
                "must be from PT1M to P7D");
        faults.check("targets", wishes.size() <= MOST, "must be at most " + MOST);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < wishes.size(); i++) {
            TargetWish wish = wishes.get(i);
            faults.target(
                    "targets[" + i + "].",
                    wish,
                    before.stream().filter(one -> one.name().equals(wish.name())).findFirst());
            faults.check(
                    "targets[" + i + "].name",
                    names.add(wish.name()),
                    "is " + wish.name() + " twice");
        }
        if (!faults.faults.isEmpty()) {
            throw Refused.fields(faults.faults);
        }
    }

    static Mailbox mailbox(TargetWish wish) {
        Mailbox.Security security = Mailbox.Security.valueOf(wish.security().orElse("StartTls"));
        int usual =
                switch (security) {
                    case StartTls -> 587;
                    case Tls -> 465;
                    case None -> 25;
                };
        return new Mailbox(
                wish.host().orElseThrow(),
                wish.port().orElse(usual),
                security,
                wish.username(),
                wish.from().orElseThrow(),
                wish.to());
    }

    private void target(String at, TargetWish wish, Optional<TargetView> before) {
        Name.fault(wish.name()).ifPresent(fault -> faults.add(new FieldFault(at + "name", fault)));
        oneOf(at + "minimumSeverity", wish.minimumSeverity(), AlertSeverity.values());
        switch (wish.kind()) {
            case "Log" -> {
                noWebhook(at, wish);
                noMail(at, wish);
            }
            case "Webhook" -> {
                webhook(at, wish, before);
                noMail(at, wish);
            }
            case "Smtp" -> {
                mail(at, wish, before);
                noWebhook(at, wish);
            }
            default -> faults.add(new FieldFault(at + "kind", "must be one of Log, Webhook, Smtp"));
        }
    }

    private void webhook(String at, TargetWish wish, Optional<TargetView> before) {
        boolean kept = wish.url().isPresent() && wish.url().equals(before.flatMap(TargetView::url));
        check(
                at + "url",
                kept || wish.url().filter(TargetFaults::isUrl).isPresent(),
                "must be an http or https URL without user and password in it");
        boolean hasSecret =
                wish.secret().isPresent()
                        || before.filter(one -> one.kind().equals("Webhook"))
                                .filter(TargetView::hasSecret)
                                .isPresent();
        check(at + "secret", hasSecret, "is missing: it signs what the webhook gets");
        wish.secret()
                .ifPresent(
                        secret -> {
                            check(
                                    at + "secret",
                                    secret.reveal().length() >= SHORTEST_SECRET,
                                    "must have at least " + SHORTEST_SECRET + " characters");
                            check(
                                    at + "secret",
                                    Signature.isKey(secret),
                                    "starts with whsec_ and is not base64 after it");
                        });
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && text.length() <= 2000;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void mail(String at, TargetWish wish, Optional<TargetView> before) {
        check(
                at + "host",
                wish.host().filter(host -> HOST.matcher(host).matches()).isPresent(),
                "must be the name or address of a mail server");
        check(
                at + "port",
                wish.port().filter(port -> port < 1 || port > 65535).isEmpty(),
                "must be from 1 to 65535");
        oneOf(at + "security", wish.security(), Mailbox.Security.values());
        check(
                at + "from",
                wish.from().filter(from -> MAIL.matcher(from).matches()).isPresent(),
                "must be a mail address");
        check(
                at + "to",
                !wish.to().isEmpty()
                        && wish.to().size() <= 50
                        && wish.to().stream().allMatch(to -> MAIL.matcher(to).matches()),
                "must be 1 to 50 mail addresses");
        password(at, wish, before);
    }

    /** A kept password goes only where it went before: else whoever may edit could read it. */
    private void password(String at, TargetWish wish, Optional<TargetView> before) {
        boolean same =
                before.filter(TargetView::hasSecret)
                        .filter(one -> one.host().equals(wish.host()))
                        .filter(one -> wish.port().isEmpty() || one.port().equals(wish.port()))
                        .filter(one -> one.username().equals(wish.username()))
                        .filter(
                                one ->
                                        one.security()
                                                .equals(
                                                        wish.security()
                                                                .or(() -> Optional.of("StartTls"))))
                        .isPresent();
        if (wish.username().isPresent()) {
            check(
                    at + "password",
                    wish.password().isPresent() || same,
                    "is missing: there is a username, and no password is kept for it at this"
                            + " host, port and security");
        } else {
            check(at + "password", wish.password().isEmpty(), "is of no use without a username");
        }
        check(
                at + "security",
                wish.username().isEmpty() || !wish.security().equals(Optional.of("None")),
                "must not be None where a password is sent");
    }

    private void noWebhook(String at, TargetWish wish) {
        none(at + "url", wish.url(), "Webhook");
        none(at + "secret", wish.secret(), "Webhook");
    }

    private void noMail(String at, TargetWish wish) {
        none(at + "host", wish.host(), "Smtp");
        none(at + "port", wish.port(), "Smtp");
        none(at + "security", wish.security(), "Smtp");
        none(at + "username", wish.username(), "Smtp");
        none(at + "password", wish.password(), "Smtp");
        none(at + "from", wish.from(), "Smtp");
        check(at + "to", wish.to().isEmpty(), "is only for the kind Smtp");
    }

    private void none(String field, Optional<?> value, String kind) {
        check(field, value.isEmpty(), "is only for the kind " + kind);
    }

    private void oneOf(String field, Optional<String> value, Enum<?>[] values) {
        List<String> names = Arrays.stream(values).map(Enum::name).toList();
        check(
                field,
                value.isEmpty() || names.contains(value.get()),
                "must be one of " + String.join(", ", names));
    }

    private void check(String field, boolean good, String otherwise) {
        if (!good) {
            faults.add(new FieldFault(field, otherwise));
        }
    }
}
