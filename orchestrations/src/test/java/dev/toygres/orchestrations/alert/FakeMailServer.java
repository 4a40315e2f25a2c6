package dev.toygres.orchestrations.alert;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes every mail, in the clear. */
final class FakeMailServer implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final List<String> recipients = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    FakeMailServer() throws IOException {
        Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
        try {
            while (!door.isClosed()) {
                try (Socket guest = door.accept()) {
                    talk(guest);
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void talk(Socket guest) throws IOException {
        var in =
                new BufferedReader(
                        new InputStreamReader(guest.getInputStream(), StandardCharsets.UTF_8));
        say(guest, "220 fake");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            heard.add(line);
            if (line.startsWith("EHLO")) {
                say(guest, "250-fake");
                say(guest, "250 AUTH PLAIN LOGIN");
            } else if (line.startsWith("RCPT")) {
                recipients.add(line.replaceAll(".*<|>.*", ""));
                say(guest, "250 ok");
            } else if (line.equals("DATA")) {
                say(guest, "354 go on");
                mails.add(mail(in));
                say(guest, "250 taken");
            } else if (line.equals("QUIT")) {
                say(guest, "221 bye");
                return;
            } else {
                say(guest, "250 ok");
            }
        }
    }

    private static String mail(BufferedReader in) throws IOException {
        var text = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private static void say(Socket guest, String line) throws IOException {
        OutputStream out = guest.getOutputStream();
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    int port() {
        return door.getLocalPort();
    }

    List<String> mails() {
        return mails;
    }

    List<String> recipients() {
        return recipients;
    }

    List<String> heard() {
        return heard;
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
