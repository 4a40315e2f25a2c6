package dev.toygres.orchestrations.alert;

import dev.toygres.model.Secret;
import dev.toygres.store.Catalogue;
import dev.toygres.store.NotificationStore.Target;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;

/** By mail. */
final class MailSender implements Sender {
    private static final String CONNECT_MS = "5000";
    private static final String ANSWER_MS = "10000";

    private final Catalogue catalogue;
    private final TargetSecrets secrets;

    MailSender(Catalogue catalogue, TargetSecrets secrets) {
        this.catalogue = catalogue;
        this.secrets = secrets;
    }

    @Override
    public void send(Target target, Message message) throws NotDelivered {
        Mailbox mailbox = NotificationDesk.mailbox(target).orElseThrow();
        Session session = Session.getInstance(properties(mailbox));
        Optional<Secret> password =
                catalogue
                        .jdbi()
                        .withHandle(
                                handle ->
                                        secrets.find(
                                                handle, target.name(), TargetSecrets.PASSWORD));
        try (Transport transport = session.getTransport("smtp")) {
            MimeMessage mail = mail(session, mailbox, message);
            transport.connect(
                    mailbox.username().orElse(null), password.map(Secret::reveal).orElse(null));
            transport.sendMessage(mail, mail.getAllRecipients());
        } catch (MessagingException failed) {
            throw new NotDelivered("the mail server did not take it: " + failed.getMessage());
        }
    }

    private static Properties properties(Mailbox mailbox) {
        var properties = new Properties();
        properties.put("mail.smtp.host", mailbox.host());
        properties.put("mail.smtp.port", Integer.toString(mailbox.port()));
        properties.put("mail.smtp.auth", Boolean.toString(mailbox.username().isPresent()));
        properties.put("mail.smtp.connectiontimeout", CONNECT_MS);
        properties.put("mail.smtp.timeout", ANSWER_MS);
        properties.put("mail.smtp.writetimeout", ANSWER_MS);
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        switch (mailbox.security()) {
            case StartTls -> {
                properties.put("mail.smtp.starttls.enable", "true");
                properties.put("mail.smtp.starttls.required", "true");
            }
            case Tls -> properties.put("mail.smtp.ssl.enable", "true");
            case None -> {}
        }
        return properties;
    }

    private static MimeMessage mail(Session session, Mailbox mailbox, Message message)
            throws MessagingException {
        var mail = new MimeMessage(session);
        mail.setFrom(new InternetAddress(mailbox.from()));
        for (String to : mailbox.to()) {
            mail.addRecipient(RecipientType.TO, new InternetAddress(to));
        }
        String title = message.title().replaceAll("\\s+", " ");
        mail.setSubject(
                "[toygres] " + (title.length() <= 150 ? title : title.substring(0, 150) + "..."),
                StandardCharsets.UTF_8.name());
        mail.setText(text(message), StandardCharsets.UTF_8.name());
        mail.setSentDate(Date.from(message.timestamp()));
        mail.setHeader("X-Toygres-Delivery", message.id());
        return mail;
    }

    private static String text(Message message) {
        var text = new StringBuilder(message.title()).append("\n\n");
        message.alert()
                .ifPresent(
                        alert -> {
                            line(text, "Kind", alert.kind());
                            alert.instanceId().ifPresent(id -> line(text, "Instance", id));
                            line(text, "Raised", alert.raisedAt());
                            alert.resolvedAt().ifPresent(at -> line(text, "Resolved", at));
                            alert.evidence().forEach((name, value) -> line(text, name, value));
                            line(text, "Alert", alert.id());
                        });
        return text.toString();
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(name).append(": ").append(value).append('\n');
    }
}
