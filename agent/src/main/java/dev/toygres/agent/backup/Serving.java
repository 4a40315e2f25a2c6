package dev.toygres.agent.backup;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agent.process.Signal;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.BackupPeer;
import dev.toygres.agentapi.tls.CertificateAuthority;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The engine's service on a primary's host, for one backup of a standby: both sides know each other
 * by certificates of an authority that is made for it and forgotten.
 */
final class Serving {
    /** Of one side: its files in its place. */
    enum Side {
        SERVICE,
        CALLER;

        Path authority(Workplace place) {
            return file(place, "-ca.crt");
        }

        Path certificate(Workplace place) {
            return file(place, ".crt");
        }

        Path key(Workplace place) {
            return file(place, ".key");
        }

        private Path file(Workplace place, String ending) {
            return place.root().resolve(name().toLowerCase(Locale.ROOT) + ending);
        }
    }

    /** Common name of whoever may ask. */
    static final String CALLER_NAME = "toygres-backup";

    private static final Duration UP = Duration.ofSeconds(10);
    private static final int CONNECT_MILLIS = 500;

    private final Engine engine;
    private final ServiceUser user;
    private final Map<Path, BackupPeer> served = new ConcurrentHashMap<>();

    Serving(Engine engine, ServiceUser user) {
        this.engine = engine;
        this.user = user;
    }

    /** Again, while it is used: the same one, so that who took over cuts nothing off. */
    BackupPeer begin(Workplace place, Supplier<Address> free, Duration limit) {
        var known = served.get(place.root());
        if (known != null && listens(known.service())) {
            return known;
        }
        var peer = anew(place, free.get(), limit);
        served.put(place.root(), peer);
        return peer;
    }

    private BackupPeer anew(Workplace place, Address address, Duration limit) {
        end(place);
        var cluster = place.cluster().orElseThrow();
        var authority = CertificateAuthority.create("toygres-backup-authority");
        // Without other names: 2.45 compares an address with the common name only.
        var own = authority.issueServer(address.host(), List.of());
        place.make(user);
        keep(place, Side.SERVICE, authority.certificate(), own.certificate(), own.key());
        user.file(place.service(), Configuration.service(place, address));
        engine.detached(place, place.service(), limit, List.of("server"));
        if (!Await.until(UP, () -> listens(address))) {
            end(place);
            throw new OrderFailed("the backup service does not come up on " + address);
        }
        var caller = authority.issueClient(CALLER_NAME);
        return new BackupPeer(
                cluster.data().toString(),
                cluster.port(),
                address,
                authority.certificate(),
                caller.certificate(),
                caller.key(),
                place.service().toString());
    }

    /** What a caller shows, in the files of its work. */
    void show(Workplace place, BackupPeer peer) {
        keep(place, Side.CALLER, peer.authority(), peer.certificate(), peer.key());
    }

    private void keep(
            Workplace place, Side side, String authority, String certificate, String key) {
        user.file(side.authority(place), authority);
        user.file(side.certificate(place), certificate);
        user.file(side.key(place), key);
    }

    void end(Workplace place) {
        served.remove(place.root());
        engine.end(place.service(), Signal.KILL);
        Durable.delete(Side.SERVICE.key(place));
    }

    static void forget(Workplace place) {
        Durable.delete(Side.CALLER.key(place));
    }

    private static boolean listens(Address address) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
