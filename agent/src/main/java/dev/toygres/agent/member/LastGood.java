package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.Given;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The settings with which a member came up last, kept so that settings with which it does not come
 * up are taken back without anybody's help (P55): after an order, after a crash in between, and
 * when what waited for a restart turns out to be wrong.
 */
record LastGood(Member member, Ground ground) {
    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
    private static final JsonMapper JSON = AgentJson.mapper();

    /** Starts it; with the last good settings where it ends at once with those that it has. */
    void start(Runnable launch) {
        try {
            launch.run();
            forget();
        } catch (OrderFailed failure) {
            startWithGood(launch, failure);
        }
        keep();
    }

    private void startWithGood(Runnable launch, OrderFailed failure) {
        var tried = member.known().settings();
        var good = good().filter(last -> !last.equals(tried));
        if (good.isEmpty() || member.postgres().isGuarded()) {
            throw failure;
        }
        LOG.warn(
                "{} does not come up with its settings, trying the last good ones: {}",
                member.id,
                failure.getMessage());
        member.remember(member.known().with(good.get()));
        try {
            launch.run();
        } catch (OrderFailed notTheSettings) {
            failure.addSuppressed(notTheSettings);
            member.remember(member.known().with(tried));
            throw failure;
        }
        ServiceUser user = ground.user();
        user.file(member.home.returned(), Given.digest(tried) + "\n" + failure.getMessage());
    }

    private void keep() {
        fallBackOn(member.known().settings());
    }

    /** The data in its place surely comes up with these. */
    void fallBackOn(Map<String, String> settings) {
        if (!good().equals(Optional.of(settings))) {
            Durable.write(member.home.goodSettings(), JSON.writeValueAsString(settings));
        }
    }

    /** Others have been ordered since, and are in force: those last good ones, or new ones. */
    void forget() {
        Durable.delete(member.home.returned());
    }

    /** Why the last start was made with these. */
    Optional<String> returned() {
        return Durable.read(member.home.returned()).map(text -> text.substring(endOfLine(text)));
    }

    /** The digest of what it was to be started with then. */
    Optional<String> refused() {
        return Durable.read(member.home.returned())
                .map(text -> text.substring(0, endOfLine(text)).strip());
    }

    private static int endOfLine(String text) {
        return text.indexOf('\n') + 1;
    }

    private Optional<Map<String, String>> good() {
        try {
            return Durable.read(member.home.goodSettings())
                    .map(text -> JSON.readValue(text, new TypeReference<Map<String, String>>() {}));
        } catch (JacksonException unreadable) {
            return Optional.empty();
        }
    }
}
