package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.Certificate;
import dev.toygres.agentapi.MemberParameters;
import dev.toygres.agentapi.MemberParameters.Running;
import dev.toygres.agentapi.Order.CreateMember;
import dev.toygres.agentapi.Order.TrySettings;
import dev.toygres.agentapi.OrderResult.Tried;
import dev.toygres.model.parameter.ParameterDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a scratch server is good for: settings are tried, and a major's parameters are asked. */
final class Trial {
    private final Ground ground;
    private final Scratch scratch;
    private final Map<String, List<ParameterDefinition>> known = new ConcurrentHashMap<>();

    Trial(Ground ground, Scratch scratch) {
        this.ground = ground;
        this.scratch = scratch;
    }

    /**
     * What a server shows for these settings, and for those that it had before.
     *
     * @throws OrderFailed with Postgres's own words when it does not start with all of them
     */
    Tried of(Member member, TrySettings order) {
        member.checkSettings(order.settings());
        var memory = member.requireReady();
        var names = new HashSet<>(memory.settings().keySet());
        names.addAll(order.settings().keySet());
        names.addAll(order.undrift());
        return scratch.with(
                "try-" + member.id,
                memory.postgresMajor(),
                home -> copyKeys(member.home, home),
                (home, port) ->
                        Settings.file(
                                memory.scratch(port, order.settings()),
                                home,
                                ground.bindAddress(),
                                Map.of()),
                statement ->
                        new Tried(
                                MemberParameters.values(
                                        Catalog.running(statement).stream()
                                                .filter(
                                                        one ->
                                                                names.contains(
                                                                        one.definition()
                                                                                .name())))));
    }

    /** The same for one that is only wished for. */
    void of(CreateMember wish) {
        var memory = Memory.of(wish, "", 0);
        var ignored =
                scratch.with(
                        "try-" + wish.memberId(),
                        wish.postgresMajor(),
                        home -> writeKeys(wish.certificate(), home),
                        (home, port) ->
                                Settings.file(
                                        memory.scratch(port, wish.settings()),
                                        home,
                                        ground.bindAddress(),
                                        Map.of()),
                        statement -> statement.execute("SELECT 1"));
    }

    private void copyKeys(MemberHome from, MemberHome to) {
        Map.of(
                        from.certificate(), to.certificate(),
                        from.key(), to.key(),
                        from.accessAuthority(), to.accessAuthority())
                .forEach(
                        (file, copy) ->
                                Durable.read(file)
                                        .ifPresent(text -> ground.user().file(copy, text)));
    }

    private void writeKeys(Certificate certificate, MemberHome home) {
        ground.user().file(home.certificate(), certificate.certificate());
        ground.user().file(home.key(), certificate.key());
        // Nobody logs in by it here, but Postgres wants the file.
        ground.user().file(home.accessAuthority(), certificate.authority());
    }

    /** Kept, because a major's parameters change only with another minor release. */
    List<ParameterDefinition> definitions(int major, String libraries) {
        var version = ground.installations().versions().get(major);
        if (version == null) {
            throw new AgentRefusal("Postgres " + major + " is not installed on this host");
        }
        try {
            return known.computeIfAbsent(version + " " + libraries, _ -> ask(major, libraries));
        } catch (OrderFailed failure) {
            throw new AgentRefusal(String.valueOf(failure.getMessage()));
        }
    }

    private List<ParameterDefinition> ask(int major, String libraries) {
        return scratch
                .with(
                        "define-" + major,
                        major,
                        _ -> {},
                        (home, port) -> plain(home, port, libraries),
                        Catalog::running)
                .stream()
                .map(Running::definition)
                .toList();
    }

    private String plain(MemberHome home, int port, String libraries) {
        return """
        listen_addresses = '%s'
        port = %d
        unix_socket_directories = ''
        hba_file = %s
        ident_file = %s
        logging_collector = off
        shared_preload_libraries = %s
        """
                .formatted(
                        ground.bindAddress(),
                        port,
                        Settings.quoted(home.access().toString()),
                        Settings.quoted(home.names().toString()),
                        Settings.quoted(libraries));
    }

    void sweep() {
        scratch.sweep();
    }
}
